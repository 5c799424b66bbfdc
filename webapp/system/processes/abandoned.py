"""Frees what a worker held that died with its whole host, before its lease is over.

The broker hears of a death within seconds, a lease lasts for minutes. Freeing one is safe: each
message has a lease of its own, so what was under way is asked about and never sent again.
"""

from webapp.audience.models import ConsentImport
from webapp.deliveries.models import Delivery
from webapp.kernel import leases
from webapp.kernel.runtime import Runtime
from webapp.profiles.models import ProfileImport
from webapp.workflows.models import Run

MODELS: dict[str, type[Delivery | Run | ProfileImport | ConsentImport]] = {
    "analyse_delivery": Delivery,
    "send_delivery": Delivery,
    "run_workflow": Run,
    "import_profiles": ProfileImport,
    "import_consents": ConsentImport,
}


def free(runtime: Runtime, job: str, item: int, token: str) -> bool:
    """Free the row of a job whose worker is dead; commits.

    A lease that was taken since is another worker's. Tells whether it was freed.
    """
    model = MODELS.get(job.rpartition(".")[2])
    return model is not None and leases.free_of(runtime, model, item, token)
