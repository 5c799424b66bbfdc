"""What an instance, an account and a person chose about clicks."""

from dataclasses import asdict, dataclass, fields
from urllib.parse import urlsplit

from sqlalchemy import delete, select

from webapp.audience.models import Visitor
from webapp.audience.visitors import people
from webapp.kernel.db import insert_into
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.tracking.models import LinkDomain, TrackingChoice, TrackingRefusal

ONE = 1
MOST_DAYS = 3_650
# What the audit calls it when a person refuses to be known, or does no more.
DONE = {True: "tracking.refuse", False: "tracking.allow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What holds for the whole instance.

    `counts` clicks at all, `names_people`: with whom they are of. `campaign` adds UTM parameters at
    the redirect, `click_ids` the signed id of the click, for conversions. A link leads on for
    `valid_days` if that is set, and to the `substitute` afterwards.
    """

    counts: bool = True
    names_people: bool = True
    campaign: bool = True
    click_ids: bool = False
    valid_days: int | None = None
    substitute: str = ""

    @property
    def knows_people(self) -> bool:
        """Whether clicks are counted, with whom they are of."""
        return self.counts and self.names_people


def of_instance(runtime: Runtime) -> Choices:
    """Return what the instance chose, or what holds until it chooses."""
    row = runtime.session.get(TrackingChoice, ONE)
    if row is None:
        return Choices()
    return Choices(**{item.name: getattr(row, item.name) for item in fields(Choices)})


@requires(Permission.ADMIN)
def chosen(runtime: Runtime) -> Choices:
    """Return what the instance chose, for whoever may choose otherwise."""
    return of_instance(runtime)


@requires(Permission.ADMIN)
def choose(runtime: Runtime, choices: Choices) -> None:
    """Keep what holds for the instance from now on; raise `Invalid` by the field."""
    wrong = {}
    if choices.valid_days is not None and not 1 <= choices.valid_days <= MOST_DAYS:
        wrong["valid_days"] = _("Between 1 and %(most)s days, or nothing for ever.", most=MOST_DAYS)
    if choices.substitute and not _is_address(choices.substitute):
        wrong["substitute"] = _("Write the whole address, such as https://shop.example/over.")
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)
    row = runtime.session.get(TrackingChoice, ONE)
    if row is None:
        row = TrackingChoice(id=ONE)
        runtime.session.add(row)
    for name, value in asdict(choices).items():
        setattr(row, name, value)
    runtime.record("tracking.choose", row, **asdict(choices))
    runtime.session.commit()


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and text.isprintable()
    except ValueError:
        return False


def domain_of(runtime: Runtime, service_id: int) -> str:
    """Return what the links of an account begin with, where it has an address of its own."""
    row = runtime.session.get(LinkDomain, service_id)
    return row.address if row else ""


@requires(Permission.ADMIN)
def domains(runtime: Runtime) -> dict[int, str]:
    """Return the accounts that have an address of their own, each with it."""
    rows = runtime.session.scalars(select(LinkDomain))
    return {row.service_id: row.address for row in rows}


@requires(Permission.ADMIN)
def choose_domain(runtime: Runtime, service_id: int, address: str) -> None:
    """Let the links of an account begin with an address; an empty one is that of the instance."""
    service = accounts.get(runtime, service_id)
    address = address.strip().rstrip("/")
    if address and not _is_origin(address):
        fault = _("Write the scheme and the host alone, such as https://go.shop.example.")
        raise Invalid(fault, {"address": fault})
    row = runtime.session.get(LinkDomain, service_id)
    if row and not address:
        runtime.session.delete(row)
    elif row:
        row.address = address
    elif address:
        runtime.session.add(LinkDomain(service_id=service_id, address=address))
    runtime.record("tracking.domain", service, address=address)
    runtime.session.commit()


def _is_origin(text: str) -> bool:
    if not _is_address(text):
        return False
    parts = urlsplit(text)
    # A space in it would end every link in the middle.
    if " " in text:
        return False
    try:
        sound = parts.port is None or parts.port > 0
    except ValueError:
        return False
    alone = parts.netloc == text.partition("://")[2] and parts.username is None
    return sound and alone


def refuses(runtime: Runtime, visitor_id: int) -> bool:
    """Tell whether the clicks of a person are counted without them."""
    return runtime.session.get(TrackingRefusal, visitor_id) is not None


@requires(Permission.WRITE)
def let_be(runtime: Runtime, visitor_id: int, *, refused: bool) -> None:
    """Count the clicks of a person without them from now on, or with them again."""
    visitor = people.get(runtime, visitor_id)
    keep(runtime, visitor, refused=refused)
    runtime.record(DONE[refused], visitor)
    runtime.session.commit()


def keep(runtime: Runtime, visitor: Visitor, *, refused: bool) -> None:
    """Write what holds for the clicks of a person; the caller records it as `DONE`, and commits."""
    if refused:
        row = {"visitor_id": visitor.id, "at": runtime.now(), "by": runtime.actor.name}
        insert = insert_into(runtime.session, TrackingRefusal.__table__).on_conflict_do_nothing()
        runtime.session.execute(insert, row)
    else:
        gone = delete(TrackingRefusal).where(TrackingRefusal.visitor_id == visitor.id)
        updated(runtime.session, gone)
