"""Whether background work can go on at all, as one sentence for whoever waits for it."""

from datetime import timedelta

from webapp.kernel.background.models import Heartbeat
from webapp.kernel.config.command_name import RUN
from webapp.kernel.errors import FanfareError
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.expiry import lately

SCHEDULER = "scheduler"
SILENT_AFTER = timedelta(seconds=15)
KEPT = lazy_gettext("Nothing is lost: what waits goes on by itself.")


def refuse_standstill(runtime: Runtime) -> None:
    """Raise a sentence when broker, workers or scheduler are down; what waits is kept."""
    queue = runtime.queue.health()
    if not queue.broker:
        raise _stands(_("The broker does not answer. Start Redis or Valkey, or check REDIS_URL."))
    if not queue.workers:
        raise _stands(
            _(
                "No worker runs. Start one with %(run)s worker, or all of it with %(run)s up.",
                run=RUN,
            )
        )
    if not scheduler_runs(runtime):
        raise _stands(
            _(
                "The scheduler does not run. Start it with %(run)s scheduler, "
                "or all of it with %(run)s up.",
                run=RUN,
            )
        )


def _stands(sentence: str) -> FanfareError:
    return FanfareError(f"{sentence} {KEPT}")


def scheduler_runs(runtime: Runtime) -> bool:
    """Tell whether a scheduler gave a sign of life in the last seconds."""
    row = runtime.session.get(Heartbeat, SCHEDULER, populate_existing=True)
    return row is not None and lately(row.seen_at, runtime.clock.system(), SILENT_AFTER)
