"""The shelf of templates: which there are, how often each was used, and how each reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from webapp.audience.visitors import people
from webapp.deliveries.analysis import preview
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.drafts import templates
from webapp.deliveries.models import Delivery, Template
from webapp.kernel.folding import fold
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import language
from webapp.services.connection import accounts
from webapp.services.models import Service

LONGEST_EXCERPT = 180
LAST_USES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How many deliveries began with a template, and when the last of them did."""

    number: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A template on the shelf; `excerpt` is its beginning: pairs of a text and a field's label."""

    template: Template
    use: Use
    excerpt: Sequence[tuple[str, str]]


@requires(Permission.VIEW)
def lines(runtime: Runtime, words: str = "", kind: str = "") -> list[Line]:
    """Return what matches: first the team's own, the one used last at the top."""
    found = [item for item in templates.every(runtime) if _matches(item, words, kind)]
    used = uses(runtime)
    shelf = [
        Line(template=item, use=used.get(item.id, Use()), excerpt=excerpt(item.content))
        for item in found
    ]
    return sorted(shelf, key=_place)


def _place(line: Line) -> tuple[bool, float, str]:
    at = line.use.last_at or line.template.created_at
    return line.template.built_in, -at.timestamp(), line.template.name


def _matches(template: Template, words: str, kind: str) -> bool:
    wanted = fold(words.strip())
    said = fold(f"{template.name}\n{template.content}")
    return kind in ("", template.kind.name) and wanted in said


@requires(Permission.VIEW)
def uses(runtime: Runtime) -> Mapping[int, Use]:
    """Count the deliveries that began with each template; proofs and removed drafts are none."""
    query = (
        select(Delivery.template_id, func.count(), func.max(Delivery.created_at))
        .where(Delivery.listed(), Delivery.template_id.is_not(None))
        .group_by(Delivery.template_id)
    )
    rows = runtime.session.execute(query)
    return {key: Use(number=number, last_at=last) for key, number, last in rows if key}


@requires(Permission.VIEW)
def last_deliveries(runtime: Runtime, template: Template) -> Sequence[Delivery]:
    """Return the deliveries that began with a template last."""
    query = select(Delivery).where(Delivery.listed(), Delivery.template_id == template.id)
    return runtime.session.scalars(query.order_by(Delivery.id.desc()).limit(LAST_USES)).all()


def excerpt(content: str) -> list[tuple[str, str]]:
    """Cut the beginning of a text where fields stand: pairs of a text and a field's label."""
    known = {name: item.label for name, item in texts.fields().items()}
    whole = " ".join(content.split())
    found: list[tuple[str, str]] = []
    done = 0
    for field in texts.FIELD.finditer(whole):
        if field.start() >= LONGEST_EXCERPT:
            break
        name = texts.token(field[1])
        found.append((whole[done : field.start()], known.get(name, name)))
        done = field.end()
    rest = whole[done : max(done, LONGEST_EXCERPT)]
    more = "…" if len(whole) > done + len(rest) else ""
    return [*found, (rest + more, "")]


@requires(Permission.VIEW)
def reads(runtime: Runtime, template: Template, content: str) -> preview.Preview:
    """Return a text as somebody known gets it from an account that can send it."""
    account = _account(runtime, template.channel)
    person = template.kind.meant(people.first_of(runtime, account) if account else None)
    return preview.of_text(
        runtime,
        preview.Text(
            channel=template.channel,
            direct=template.kind.to_people,
            content=content,
            language=language(),
        ),
        account,
        person,
    )


def _account(runtime: Runtime, channel: str) -> Service | None:
    real = (item for item in accounts.every(runtime) if item.kind == channel and not item.is_test)
    return next(real, None)
