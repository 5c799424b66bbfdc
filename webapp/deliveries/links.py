"""The links of a delivery: found as its network finds them, and exchanged for those that count.

What measures, prices, shows and sends a text asks here, so that all of them are about the same one.
Only what an operator wrote is exchanged: a name that looks like an address is none of ours, and
Fanfare's own links lead where they lead.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from unicodedata import normalize

from channels import Feature
from webapp.audience.readers import Reader
from webapp.deliveries import whole
from webapp.deliveries.drafts.content import Filled, Rendered, render
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Delivery
from webapp.deliveries.pieces import pieces
from webapp.deliveries.places import SHORTEN, Link, Shortening
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

HOST_ENDS = re.compile(r"[/?#\\]")
SCHEME = re.compile(r"https?://", re.IGNORECASE)
# Whose data fills the fields while nobody in particular is meant.
SOMEBODY = Reader("0", "somebody", "Somebody", "Somebody", None, None, None, None, None)
HREF = re.compile(r"""(?<=href=")https?://[^"]+|(?<=href=')https?://[^']+""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text with its HTML as it goes out; `links` leads from each of our addresses in it on."""

    text: str
    html: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


NO_HTML = Rendered(text="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text with its HTML, their fields filled, before any link is exchanged."""

    text: Rendered
    html: Rendered = NO_HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A link of a delivery with what an operator chose for it.

    `address` is empty where it leads each reader somewhere else. `short` tells whether it would go
    out as a short one now: nothing counts while the instance has no address for that.
    """

    name: str
    address: str
    label: str
    counted: bool
    short: bool = False
    # The delivery where this was chosen last, while nothing was chosen here.
    proposed_by: str = ""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of a text, with the link it is, if an operator wrote it."""

    text: str
    link: Link | None = None


def written(
    runtime: Runtime,
    delivery: Delivery,
    service: Service | None,
    drafts: Sequence[Draft],
    message: InHand | None = None,
) -> list[Written]:
    """Return the parts of a message as they go out; without one, as they would.

    With a message, whoever counts its links writes their rows into the caller's transaction.
    """
    if not is_counted(runtime, delivery):
        return [Written(text=item.text.text, html=item.html.text) for item in drafts]
    cut = [
        (list(_of_text(runtime, delivery.channel, item.text)), list(_of_html(item.html)))
        for item in drafts
    ]
    found = [part.link for both in cut for one in both for part in one if part.link]
    short = _shortened(runtime, delivery, service, found, message)
    return [_joined(item, *both, short) for item, both in zip(drafts, cut, strict=True)]


def is_counted(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether clicks are to be counted, and the network takes links that lead elsewhere."""
    return delivery.counts_clicks and takes_links(runtime, delivery)


@requires(Permission.VIEW)
def takes_links(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether its network takes links that lead elsewhere."""
    if not runtime.registry.has(delivery.channel):
        return False
    return Feature.LINKS in delivery.kind.accepts(runtime.registry.get(delivery.channel)).features


def _is_wanted(delivery: Delivery, link: Link) -> bool:
    return not any(item.name == link.name and not item.counted for item in delivery.links)


def links_of(runtime: Runtime, channel: str, rendered: Rendered) -> list[Link]:
    """Return the links of a text that operators wrote, in their order, each once."""
    found = (item.link for item in _of_text(runtime, channel, rendered) if item.link)
    return list(dict.fromkeys(found))


@requires(Permission.VIEW)
def choices(runtime: Runtime, delivery: Delivery) -> list[Choice]:
    """Return the links of all that a delivery says, in order, with what was chosen for each."""
    texts = [render(text, SOMEBODY, delivery.language) for text in delivery.texts]
    htmls = [
        render(part.html, SOMEBODY, delivery.language, html=True) for part in whole.parts(delivery)
    ]
    found = [link for text in texts for link in links_of(runtime, delivery.channel, text)]
    found += [item.link for html in htmls for item in _of_html(html) if item.link]
    every = list({link.name: link for link in found}.values())
    chosen = {item.name: item for item in delivery.links}
    sender = next(iter(delivery.services), None)
    short = _shortened(runtime, delivery, sender, every) if is_counted(runtime, delivery) else {}
    return [
        Choice(
            name=link.name,
            address="" if link.is_personal else link.address,
            label=chosen[link.name].label if link.name in chosen else "",
            counted=link.name not in chosen or chosen[link.name].counted,
            short=link.address in short,
        )
        for link in every
    ]


def _shortened(
    runtime: Runtime,
    delivery: Delivery,
    service: Service | None,
    found: Sequence[Link],
    message: InHand | None = None,
) -> dict[str, str]:
    """Return for each address that is to be counted the one that stands in its place."""
    wanted = [link for link in dict.fromkeys(found) if _is_wanted(delivery, link)]
    if not wanted:
        return {}
    asked = Shortening(delivery=delivery, service=service, links=wanted, message=message)
    return {key: value for each in SHORTEN.ask(runtime, asked) for key, value in each.items()}


def _of_text(runtime: Runtime, channel: str, rendered: Rendered) -> Iterator[_Stretch]:
    """Cut a text at the links that its network draws."""
    found = pieces(runtime, channel, rendered.text)
    filled, at = _placed("".join(piece.text for piece in found), rendered), 0
    for piece in found:
        end = at + len(piece.text)
        own = piece.kind == "link" and filled is not None and _is_own(piece.text, at, filled)
        link = _link(piece.address, piece.text, at, filled or ()) if own else None
        yield _Stretch(piece.text, link)
        at = end


def _placed(text: str, rendered: Rendered) -> Sequence[Filled] | None:
    """Return where fields stand in a text as the channel reads it; `None` where nobody knows.

    Some read a text in the form in which signs and their accents are one.
    """
    if text == rendered.text:
        return rendered.filled
    if text != normalize("NFC", rendered.text):
        return None

    def moved(at: int) -> int:
        return len(normalize("NFC", rendered.text[:at]))

    return [Filled(moved(start), moved(end), name) for start, end, name in rendered.filled]


def _of_html(rendered: Rendered) -> Iterator[_Stretch]:
    """Cut HTML at the addresses of its links."""
    done = 0
    for found in HREF.finditer(rendered.text):
        own = _is_own(found[0], found.start(), rendered.filled)
        link = _link(found[0], found[0], found.start(), rendered.filled) if own else None
        yield _Stretch(rendered.text[done : found.start()])
        plain = link and Link(address=unescape(link.address), name=unescape(link.name))
        yield _Stretch(found[0], plain)
        done = found.end()
    yield _Stretch(rendered.text[done:])


def _is_own(text: str, at: int, filled: Sequence[Filled]) -> bool:
    """Tell whether an operator wrote where a link leads: no field stands before its path."""
    scheme = SCHEME.match(text)
    ends = HOST_ENDS.search(text, scheme.end() if scheme else 0)
    host_end = at + (ends.start() if ends else len(text))
    # A field that follows a host at once would change it.
    return not any(start <= host_end and end > at for start, end, _name in filled if end > start)


def _link(address: str, text: str, at: int, filled: Sequence[Filled]) -> Link:
    """Return a link with its name: the address with the tokens of the fields in it."""
    before = address.removesuffix(text) if address.endswith(text) else ""
    name, done = "", 0
    for start, end, token in filled:
        if start < at + len(text) and end > at:
            name += f"{text[done : start - at]}{{{token}}}"
            done = min(end - at, len(text))
    written_as = f"{before}{name}{text[done:]}" if name else address
    return Link(address=address, name=written_as)


def _joined(
    draft: Draft, text: Sequence[_Stretch], html: Sequence[_Stretch], short: Mapping[str, str]
) -> Written:
    def said(item: _Stretch) -> str:
        return (item.link and short.get(item.link.address)) or item.text

    used = {item.link.address for item in (*text, *html) if item.link} & set(short)
    in_text = any(item.link and item.link.address in used for item in text)
    return Written(
        # What has none of ours goes out as it was written, sign for sign.
        text="".join(map(said, text)) if in_text else draft.text.text,
        html="".join(map(said, html)),
        links={short[address]: address for address in sorted(used)},
    )
