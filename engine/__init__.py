"""The front door: everything that workers/ and web/ may import. What stands here is meant to be imported from here."""

from engine.bpmn.mutation import Mutant, marked, mutants, places
from engine.commands.accounts import (
    ChangePassword,
    CloseSession,
    NoteFailedLogin,
    OpenSession,
    ResetPassword,
    TouchSession,
)
from engine.commands.action_links import FollowLink, LinkTarget, OpenNotification
from engine.commands.audit import SealHistory
from engine.commands.calendar_change import AddCalendar, CatchUpCalendar, ChangeCalendar, RenameCalendar
from engine.commands.calendar_duty import KeepCalendars
from engine.commands.calendars import SeedCalendars
from engine.commands.channels import AddChannel, ChangeChannel, DropChannel, SwitchChannel, TestChannel
from engine.commands.co_signers import AddCoSigner, DropCoSigner
from engine.commands.comments import CommentOrder
from engine.commands.copies import CopyOrder, ReadCopy
from engine.commands.dead_letters import MOST_RESENT, ResendDeadLetters, ResendMessage
from engine.commands.definitions import Deploy, Deployed, check_procedure
from engine.commands.delegations import AnswerDelegation, DelegateUserTask, RecallDelegation
from engine.commands.deliveries import DeliverMessage
from engine.commands.delivery_reports import ReportDelivery
from engine.commands.endings import CancelOrder, TerminateOrder, VoidOrder
from engine.commands.extensions import DecideExtension, RequestExtension, WithdrawExtension
from engine.commands.hand_over import HandedOver, HandOverTasks
from engine.commands.incidents import RetryIncident, SkipIncident
from engine.commands.instances import StartByMessage, Started, StartInstance
from engine.commands.jobs import CompleteJob, ExtendLease, FailJob, GiveBackJob, LeasedJob, LeaseJobs
from engine.commands.jumps import JumpInstance
from engine.commands.limits import ExtendUserTask, UrgeUserTask
from engine.commands.messages import SendMessage
from engine.commands.notifications import ReadNotifications
from engine.commands.outbox import ExtendOutbox, FinishOutbox, GiveBackMessage, LeaseOutbox
from engine.commands.papers import DropDraft, RevealPersonal, SaveDraft, UploadAttachment
from engine.commands.pauses import KINDS as PAUSE_KINDS
from engine.commands.pauses import PauseCase, ResumeCase, ReviewPause
from engine.commands.people import (
    AddPerson,
    ChangePerson,
    DisablePerson,
    DropMembership,
    EnablePerson,
    ImportPeople,
    PutMembership,
)
from engine.commands.people_lines import Imported, ImportLines
from engine.commands.reach import ChangeReach, ChangeWishes
from engine.commands.releases import ReleaseDefinition, RollBack
from engine.commands.returns import SendBack
from engine.commands.rosters import AddDutyTurn, ChangeDuty, DropDutyChange, EndDutyTurn, HandOverDuty, PutRoster
from engine.commands.settings import ChangeSetting
from engine.commands.signing import AskSigners, DropSigner, SignUserTask
from engine.commands.slips import AnswerSlip, ReviewSlip, SuperviseOrder
from engine.commands.substitutes import AddSubstitute, EndSubstitute
from engine.commands.suspensions import ResumeInstance, SuspendInstance
from engine.commands.timers import FireTimer
from engine.commands.transfers import TransferUserTask
from engine.commands.units import AddUnit, ChangeUnit, PutRole
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask, ReleaseUserTask
from engine.commands.withdrawals import OpenUserTask, WithdrawStart, WithdrawStep
from engine.commands.work_orders import LinkOrders
from engine.domain.actors import Actor
from engine.domain.states import ORDER_STATES
from engine.executor import Command, Engine
from engine.front import copy_engine, demo_organisation, install, open_engine
from engine.queries.acts import droppable, order_acts, stood_in_for, task_acts
from engine.queries.admin_events import AdminEvents
from engine.queries.board import Board, BoardView
from engine.queries.calendars import Calendars, CalendarView, NationalDays, PreviewChange, ShowCalendar
from engine.queries.cases import CaseView, History, Notices, PastEvent, ShowCase, TasksOfCase, WhoMay
from engine.queries.channel_figures import ChannelFigures, CountChannels
from engine.queries.channels import (
    ChannelLine,
    Channels,
    ChannelSetups,
    ChannelTestView,
    ChannelView,
    ShowChannel,
    ShowChannelTest,
    VerifyCall,
)
from engine.queries.choosing import MOST_CHOSEN, ChosenTask, ChosenTasks
from engine.queries.clock_previews import (
    ExtensionPreview,
    PausePreview,
    PreviewExtension,
    PreviewPause,
    PreviewResume,
    UrgeAgain,
)
from engine.queries.co_signers import CoSigner, CoSignersOf, CoSigning, DropPreview, PreviewDropCoSigner
from engine.queries.copies import Copies, CopiesPage, PeopleCalled
from engine.queries.dead_letters import DeadLetter, DeadLetters, DeadLettersPage
from engine.queries.deliveries import AttemptView, DeliveriesOf, DeliveryView, WayView
from engine.queries.diagrams import CaseDiagram, CaseDiagramView, ProcedureDiagram, TokenLine, drawing_of
from engine.queries.duties import Duties, DutiesView
from engine.queries.element_templates import ElementTemplates
from engine.queries.facts import Fact, facts_of, is_personal
from engine.queries.finding import Search
from engine.queries.hand_over import HandOverPlan, Leaving, PlanHandOver, TasksInHand
from engine.queries.incidents import OpenIncidents
from engine.queries.intake import EarlierOrders, FormOf, StartDrafts, StartForm
from engine.queries.jumps import JumpPosition, JumpPositions, JumpPreview, JumpTarget, JumpTargets, PreviewJump
from engine.queries.limit_echoes import EchoLimit, LimitEcho, LimitLine, LimitsOfProcedure
from engine.queries.limits import ExplainLimit, ExplainOrder, ExplainTimer, Receipt
from engine.queries.lists import Done, Filters, Inbox, InboxCounts, ListRow
from engine.queries.my_procedures import MyProcedures, MyStarts, ProcedureTitles, Startable
from engine.queries.notice_previews import NoticePreviews, PreviewNotices
from engine.queries.notifications import MOST_COUNTED, Notifications, NotificationView
from engine.queries.onward import Onward, onward
from engine.queries.operations import (
    Figures,
    Incidents,
    IncidentView,
    Overview,
    QueueFigures,
    QueueRows,
    ShowIncident,
    is_ready,
)
from engine.queries.order_lists import Begun
from engine.queries.orders import CountOrders
from engine.queries.papers import PaperContent, PaperNames, Receivers, ShowDraft, Staffed
from engine.queries.pauses import ExtensionsOf, ExtensionView, PauseView
from engine.queries.people import KnownRoles, NamesOfPeople, People, PersonRow, PreviewPeople, ShowPerson
from engine.queries.predicted_path import PredictedPath, PredictedStep
from engine.queries.procedures import Gallery, ProcedureFiles, ProcedureView, ShowProcedure, may_upload
from engine.queries.reach import ReachView, ShowReach, WishView
from engine.queries.returns import (
    PreviewSendBack,
    PreviewStartWithdrawal,
    PreviewWithdrawal,
    ReturnPreview,
    ReturnTargets,
    UndoneStep,
    withdrawable,
)
from engine.queries.rosters import MyDuties, MyDuty, RosterRow, Rosters, RosterView, ShowRoster
from engine.queries.settings import ReadSetting
from engine.queries.signings import SigningView
from engine.queries.slips import SlipsOf, SlipView
from engine.queries.substitutes import SubstituteLine, Substitutes, SubstitutesView
from engine.queries.training import SheetLine, SheetsView, StageView, TrainingSheets
from engine.queries.units import CalendarNames, OrganisationCalendar, ShowUnit, UnitNode, Units
from engine.queries.waiting import (
    AnythingDue,
    DuePauses,
    DueSlips,
    DueTimers,
    LateLimits,
    NextMoment,
    WaitingChannels,
    WhenDue,
)
from engine.queries.waiting_messages import MessageForm
from engine.queries.work_order import FindTask, OfTask, OrderView, ShowOrder
from engine.queries.working_time import WorkingCalendars
from engine.service_tasks import decision, job
from engine.sign_in import SignedIn, change_password, issue_password, log_in, session_id, set_password, visitor
from engine.steps.assignment import Assignment, AssignmentQuestion
from engine.steps.facts import Facts, KnownOrder
from engine.steps.people_lines import Judged, PersonLine
from engine.steps.returning import Target
from engine.steps.sending import Outgoing, Sending
from engine.steps.training import DaySheet, Totals
from engine.store.accounts import Visit
from engine.store.instances import TaskRow
