"""How people come to a page: its address with a source, a code to print, a link for other sites."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from sqlalchemy import func, select

from webapp.acquisition import content, counting, publishing
from webapp.acquisition.models import AcquisitionPage, AcquisitionSource
from webapp.deliveries import kinds
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.web import links

# Operators make so many sources of a page.
MOST_CHOSEN = 100
# Larger than any screen shows it, small enough to be sent.
SCALE = 12
POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to a page: the source that it is counted under, and its address."""

    source: str
    address: str


@requires(Permission.VIEW)
def ways(runtime: Runtime, page: AcquisitionPage) -> Sequence[Way]:
    """Return the ways that operators made; raise `Conflict` where no address is known."""
    mine = AcquisitionSource.page_id == page.id, AcquisitionSource.chosen
    rows = select(AcquisitionSource.name).where(*mine).order_by(AcquisitionSource.name)
    return [way(runtime, page, name) for name in ("", *runtime.session.scalars(rows))]


@requires(Permission.VIEW)
def way(runtime: Runtime, page: AcquisitionPage, given: str) -> Way:
    """Return the way to a page from a source; raise `Conflict` where no address is known."""
    source = counting.named(given)
    query = f"?{urlencode({'src': source})}" if source else ""
    return Way(source=source, address=links.link(runtime.settings, f"/p/{page.slug}{query}"))


@requires(Permission.WRITE)
def choose(runtime: Runtime, page: AcquisitionPage, given: str) -> str:
    """Let a page know a source for good, and return how it is written; raise `Invalid`."""
    source = counting.named(given)
    mine = AcquisitionSource.page_id == page.id, AcquisitionSource.chosen
    number = runtime.session.scalar(
        select(func.count()).select_from(AcquisitionSource).where(*mine)
    )
    fault = ""
    if not source:
        fault = _("Write letters or figures, such as spring-fair.")
    elif source == counting.OTHERS:
        fault = _("People from sources that nobody chose are counted under this name.")
    elif (number or 0) >= MOST_CHOSEN:
        fault = _("A page has at most %(n)s sources.", n=MOST_CHOSEN)
    if fault:
        raise Invalid(fault, {"source": fault})
    counting.remember(runtime, page, source, chosen=True)
    runtime.record("acquisition_page.source", page, source=source)
    runtime.session.commit()
    return source


def code(address: str, kind: str) -> bytes:
    """Return an address as a QR code, which a quarter of it may be missing of, as SVG or PNG."""
    made, file = segno.make(address, error="q", micro=False), io.BytesIO()
    if kind == "png":
        made.save(file, kind="png", scale=SCALE, border=4)
    else:
        made.save(file, kind="svg", scale=SCALE, border=4, xmldecl=True, svgns=True)
    return file.getvalue()


@requires(Permission.WRITE)
def deliver(runtime: Runtime, page: AcquisitionPage) -> Delivery:
    """Begin a post that leads to a page, from its own account; raise `Conflict` where it cannot."""
    shown = publishing.shown(runtime, page)
    if shown is None or shown.reading is publishing.Reading.OVER:
        raise Conflict(_("Put the page online first: nobody could read it."))
    kept = shown.content
    words = kept.in_language(kept.languages[0])
    counting.remember(runtime, page, POST, chosen=True)
    address = way(runtime, page, POST).address
    new = editing.NewDelivery(
        kind=_kind(runtime, page),
        channel=page.service.kind,
        label=page.label,
        service_ids=[page.service_id],
    )
    delivery = editing.create(runtime, new)
    text = "\n\n".join(filter(None, (words.title, words.text, address)))
    return editing.edit(runtime, delivery.id, editing.DeliveryChanges(content=text))


def _kind(runtime: Runtime, page: AcquisitionPage) -> DeliveryKind:
    """Return the kind of delivery that everybody reads; raise `Conflict` where there is none."""
    channel = runtime.registry.get(page.service.kind)
    public = (kind for kind in kinds.offered(channel) if kind in kinds.PUBLIC)
    found = next(public, None)
    if found is None:
        raise Conflict(_("This network takes nothing that everybody reads."))
    return found


def snippet(page: AcquisitionPage, address: str) -> str:
    """Return a link for other sites, which leads to a page and loads nothing of it."""
    draft = content.read(page.draft)
    title = draft.in_language(draft.languages[0]).title or page.label
    return f'<a href="{_escaped(address)}" rel="noopener">{_escaped(title)}</a>'


def _escaped(text: str) -> str:
    signs = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
    return "".join(signs.get(sign, sign) for sign in text)
