"""Search everywhere: deliveries, people, profiles and services by what an operator types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from webapp.audience.models import Visitor
from webapp.audience.visitors import people
from webapp.deliveries.approval import settlement
from webapp.deliveries.approval.settlement import Standing
from webapp.deliveries.models import Delivery, Template
from webapp.deliveries.queries import shelf
from webapp.kernel.folding import fold
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import clean
from webapp.kernel.text.naming import bare
from webapp.profiles.listing import search as profiles
from webapp.profiles.listing.query import Query
from webapp.profiles.models import Profile
from webapp.services.models import Service

MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, a few of each kind."""

    deliveries: Sequence[Delivery] = field(default_factory=list)
    visitors: Sequence[Visitor] = field(default_factory=list)
    profiles: Sequence[Profile] = field(default_factory=list)
    services: Sequence[Service] = field(default_factory=list)
    templates: Sequence[Template] = field(default_factory=list)
    standings: Mapping[int, Standing] = field(default_factory=dict)

    more_deliveries: bool = False
    more_visitors: bool = False
    more_profiles: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nothing was found."""
        others = self.services or self.templates or self.profiles
        return not (self.deliveries or self.visitors or others)


@requires(Permission.VIEW)
def search(runtime: Runtime, words: str) -> Found:
    """Find by label, text, name or handle; people by how these begin, quick also for millions."""
    wanted = bare(clean(words))
    if not wanted:
        return Found()
    folded = fold(wanted)
    deliveries = _deliveries(runtime, folded, wanted) if folded else ()
    page = people.first_named(runtime, wanted, MOST)
    contacts = profiles.search(runtime, Query(words=wanted, size=MOST))
    return Found(
        deliveries=deliveries[:MOST],
        more_deliveries=len(deliveries) > MOST,
        more_visitors=page.later,
        standings=settlement.standings(runtime, deliveries[:MOST]),
        visitors=[line.visitor for line in page.lines],
        profiles=[line.profile for line in contacts.lines],
        more_profiles=contacts.later,
        services=_services(runtime, folded) if folded else (),
        templates=_templates(runtime, wanted) if folded else (),
    )


def _deliveries(runtime: Runtime, wanted: str, words: str) -> Sequence[Delivery]:
    query = (
        select(Delivery)
        .where(Delivery.listed(), Delivery.says(wanted, words))
        .order_by(Delivery.id.desc())
    )
    return runtime.session.scalars(query.limit(MOST + 1)).all()


def _templates(runtime: Runtime, words: str) -> Sequence[Template]:
    found = [line.template for line in shelf.lines(runtime, words)]
    return [item for item in found if not item.built_in][:MOST]


def _services(runtime: Runtime, wanted: str) -> Sequence[Service]:
    matches = Service.search_key.contains(wanted, autoescape=True)
    query = select(Service).where(Service.removed_at.is_(None), matches)
    return runtime.session.scalars(query.order_by(Service.internal_name).limit(MOST)).all()
