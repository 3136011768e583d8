"""The front door: everything that workers/ and web/ may import."""

from engine.commands.calendars import SeedCalendars
from engine.commands.definitions import Deploy, Deployed, check_procedure
from engine.commands.instances import CancelOrder, Started, StartInstance
from engine.commands.jobs import CompleteJob, ExtendLease, FailJob, LeasedJob, LeaseJobs, RetryIncident
from engine.commands.limits import ExtendUserTask, UrgeUserTask
from engine.commands.messages import SendMessage
from engine.commands.outbox import FinishOutbox, LeaseOutbox, Outgoing, Sending
from engine.commands.people import ImportPeople
from engine.commands.settings import ChangeSetting
from engine.commands.timers import FireTimer
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask, ReleaseUserTask
from engine.commands.work_orders import LinkOrders
from engine.executor import Command, Engine
from engine.front import copy_engine, demo_organisation, install, open_engine
from engine.queries.cases import CaseView, History, Notices, ShowCase, TasksOfCase, WhoMay
from engine.queries.incidents import OpenIncidents
from engine.queries.limits import ExplainLimit
from engine.queries.orders import CountOrders
from engine.queries.people import NamesOfPeople
from engine.queries.waiting import AnythingDue, DueTimers, NextMoment, WhenDue
from engine.service_tasks import decision, job
from engine.steps.assignment import Assignment, AssignmentQuestion
from engine.steps.facts import Facts, KnownOrder

__all__ = [
    "AnythingDue",
    "Assignment",
    "AssignmentQuestion",
    "CancelOrder",
    "CaseView",
    "ChangeSetting",
    "ClaimUserTask",
    "Command",
    "CompleteJob",
    "CompleteUserTask",
    "CountOrders",
    "Deploy",
    "Deployed",
    "DueTimers",
    "Engine",
    "ExplainLimit",
    "ExtendLease",
    "ExtendUserTask",
    "Facts",
    "FailJob",
    "FinishOutbox",
    "FireTimer",
    "History",
    "ImportPeople",
    "KnownOrder",
    "LeaseJobs",
    "LeaseOutbox",
    "LeasedJob",
    "LinkOrders",
    "NamesOfPeople",
    "NextMoment",
    "Notices",
    "OpenIncidents",
    "Outgoing",
    "ReleaseUserTask",
    "RetryIncident",
    "SeedCalendars",
    "SendMessage",
    "Sending",
    "ShowCase",
    "StartInstance",
    "Started",
    "TasksOfCase",
    "UrgeUserTask",
    "WhenDue",
    "WhoMay",
    "check_procedure",
    "copy_engine",
    "decision",
    "demo_organisation",
    "install",
    "job",
    "open_engine",
]
