"""What runs after the request: a thin seam over huey.

The queue is only a hint. Rows say what is missing; a sweep, every minute and at the start, queues it again,
so that a lost task, a lost queue or a killed worker costs time and nothing else.
"""

import ctypes
import logging
import os
import signal
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import structlog
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey, crontab
from sqlalchemy.engine import make_url

from webapp.config import Settings

log = structlog.get_logger()
SILENT_SECONDS = 5
PARENT = "_POHLED_PARENT"  # set by `pohled serve` for its own children only

Job = Callable[[str], None]
_jobs: dict[str, Job] = {}
_sweeps: list[Callable[[bool], list[tuple[Job, str]]]] = []


def job(work: Job) -> Job:
    """Registers work that takes one id and may be done twice without harm."""
    _jobs[work.__name__] = work
    return work


def sweep(find: Callable[[bool], list[tuple[Job, str]]]) -> Callable[[bool], list[tuple[Job, str]]]:
    """Registers a search for missing work: `find(starting)` names each job with its id."""
    _sweeps.append(find)
    return find


def later(work: Job, subject: str) -> None:
    """Queues a job. A queue that cannot be reached is logged: the sweep finds the work again."""
    try:
        current_app.extensions["queue"].run(work.__name__, subject)
    except Exception as error:
        log.warning("queue_unreachable", job=work.__name__, error=type(error).__name__)


def renew() -> None:
    """Empties the queue and fills it again from the rows, so that nothing of what was erased stays in it."""
    try:
        current_app.extensions["queue"].renew()
    except Exception as error:
        log.warning("queue_unreachable", job="renew", error=type(error).__name__)


def init_queue(app: Flask, settings: Settings) -> None:
    """Connects the app to its queue: inside the database, or Redis."""
    app.extensions["queue"] = _Queue(app, _huey(settings))


def consume(app: Flask, workers: int = 2) -> None:
    """Runs jobs until SIGTERM (finishes what is under way) or SIGINT."""
    queue: _Queue = app.extensions["queue"]
    queue.sweep(starting=True)
    queue.huey.create_consumer(
        workers=workers, initial_delay=0.05, max_delay=1.0, graceful_signal="TERM", scheduler_interval=10
    ).run()


def die_with_parent() -> None:
    """Asks Linux to kill this process when `pohled serve` dies, so that a killed server leaves nothing serving.

    The parent names itself in the environment: asking only getppid could not tell that it had died already.
    """
    parent = os.environ.get(PARENT)
    if not parent or os.uname().sysname != "Linux":
        return
    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != int(parent):
        os._exit(1)


class _Queue:
    def __init__(self, app: Flask, huey: Huey) -> None:
        self.app, self.huey = app, huey
        self.run = huey.task(name="run")(self._run)
        huey.periodic_task(crontab(minute="*"), name="sweep")(self.sweep)

    def _run(self, name: str, subject: str) -> None:
        with self.app.app_context():
            try:
                _jobs[name](subject)
            except Exception as error:
                log.error("job_failed", job=name, error=type(error).__name__, exc_info=True)

    def renew(self) -> None:
        self.huey.storage.flush_queue()
        self.sweep()

    def sweep(self, starting: bool = False) -> None:
        if not starting and self.huey.pending_count():
            return  # what is queued comes first: a long queue must not be queued again every minute
        with self.app.app_context():
            for find in _sweeps:
                for work, subject in find(starting):
                    later(work, subject)


def _huey(settings: Settings) -> Huey:
    logging.getLogger("huey").setLevel(logging.WARNING)
    if settings.queue:
        return RedisHuey("pohled", url=_impatient(settings.queue), results=False)
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        # The file is ours too: huey must flush as we do, or its checkpoints could lose our rows with the power.
        return SqliteHuey("pohled", filename=url.database, fsync=True, results=False)
    from huey import PostgresHuey  # needs the database's own driver, which only its users install

    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresHuey("pohled", dsn=address, results=False)


def _impatient(address: str) -> str:
    """Redis's address, with a limit to its silence: whoever sends a photo must not wait for a queue that hangs."""
    parts = urlsplit(address)
    limits = {"socket_timeout": str(SILENT_SECONDS), "socket_connect_timeout": str(SILENT_SECONDS)}
    return parts._replace(query=urlencode(limits | dict(parse_qsl(parts.query)))).geturl()
