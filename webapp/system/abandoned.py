"""Frees what a worker held that died with its whole host, before its lease is over.

The broker hears of a death within seconds, a lease lasts for minutes. Freeing one is safe: each
message has a lease of its own, so what was under way is asked about and never sent again.
"""

from datetime import timedelta

from sqlalchemy import update

from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.workflows.models import Run

MODELS: dict[str, type[Delivery | Run]] = {
    "analyse_delivery": Delivery,
    "send_delivery": Delivery,
    "run_workflow": Run,
}


def free(runtime: Runtime, job: str, item: int, silent: timedelta) -> bool:
    """Free the row of a job whose worker has been silent for so long; commits.

    A lease that was taken or renewed since is another worker's. Tells whether it was freed.
    """
    model = MODELS.get(job.rpartition(".")[2])
    if model is None:
        return False
    lease = timedelta(seconds=runtime.settings.lease_seconds)
    last = runtime.clock.system() - silent + lease
    freed = runtime.session.execute(
        update(model)
        .where(model.id == item, model.leased_until <= last)
        .values(leased_until=None)
        .execution_options(synchronize_session=False)
    )
    runtime.session.commit()
    return bool(freed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count
