"""The states of instances and of work orders, and what they have in common."""

RUNNING, SUSPENDED, COMPLETED, TERMINATED = "running", "suspended", "completed", "terminated"
"""Of an instance."""
OPEN, PAUSED, STOPPED = "open", "paused", "suspended"
"""Of a work order that is still to be done: in hand, its clock stopped by its people, taken out of everybody's hands by an admin."""
CLOSED, CANCELLED, ENDED, VOID = "closed", "cancelled", "terminated", "void"
"""Of one that is over: done, withdrawn by its starter, ended by an admin, declared never to have been."""
STANDING_STILL = frozenset({PAUSED, STOPPED})
"""Orders whose clock does not run."""
STILL_TO_DO = (OPEN, PAUSED, STOPPED)
ORDER_STATES = (*STILL_TO_DO, CLOSED, CANCELLED, ENDED, VOID)
"""In the order in which lists offer them."""
