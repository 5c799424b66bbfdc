"""The thread of each web process that makes rows of noted clicks, within about a second."""

import logging
import os
import threading
import time

from flask import Flask

from webapp.kernel.audit import trusted
from webapp.kernel.db import db
from webapp.kernel.instance import Instance
from webapp.tracking import counting, redirects

EVERY = 1.0
AFTER_A_FAULT = 10.0

log = logging.getLogger(__name__)


def begin(app: Flask) -> None:
    """Start collecting in each process that answers requests of this application.

    It starts with the first request: until then the process may be one that only forks others, and
    must share no connection with them.
    """
    begun = {"in": 0}
    turn = threading.Lock()

    @app.before_request
    def start() -> None:
        if begun["in"] == os.getpid():
            return
        with turn:
            if begun["in"] != os.getpid():
                begun["in"] = os.getpid()
                arguments = (app,)
                threading.Thread(
                    target=_forever, args=arguments, name="clicks", daemon=True
                ).start()


def _forever(app: Flask) -> None:
    while True:
        time.sleep(EVERY if _collected(app) else AFTER_A_FAULT)


def _collected(app: Flask) -> bool:
    """Collect once; false where that failed, and the clicks wait in their files."""
    with app.app_context():
        try:
            collect(app)
        # The border of the thread: whatever fails, it goes on later.
        except Exception:
            log.exception("Clicks could not be counted; they wait in their files.")
            return False
        finally:
            db.session.remove()
    return True


def collect(app: Flask) -> int:
    """Make rows of all that this host noted and nobody writes to any more; return how many."""
    instance: Instance = app.extensions["fanfare"]
    runtime = instance.runtime(db.session(), trusted("clicks"))
    desk = redirects.desk_of(instance.registry, instance.settings)
    desk.spool.close()
    return counting.collect(runtime, desk.spool)
