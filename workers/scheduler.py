"""The tick: APScheduler in memory, with no state of its own. What is due stands in rows, never here."""

from apscheduler.schedulers.background import BackgroundScheduler

from workers.runner import Worker

TICK_SECONDS = 0.5
HEARTBEAT_SECONDS = 15
SEAL_SECONDS = 600


def start(worker: Worker) -> BackgroundScheduler:
    """Begin ticking; rounds never overlap, and a late tick is never dropped."""
    scheduler = BackgroundScheduler(timezone="UTC")
    options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(worker.drain, "interval", seconds=TICK_SECONDS, id="drain", **options)
    scheduler.add_job(worker.keep_leases, "interval", seconds=HEARTBEAT_SECONDS, id="heartbeat", **options)
    scheduler.add_job(worker.seal_history, "interval", seconds=SEAL_SECONDS, id="seal", **options)
    scheduler.start()
    return scheduler


def stop(worker: Worker, scheduler: BackgroundScheduler) -> None:
    """Finish what is in hand, then stop."""
    worker.stopping.set()
    scheduler.shutdown(wait=True)
