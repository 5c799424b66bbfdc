"""New contacts: how far people came on the pages that ask them, by source and by page."""

from collections.abc import Sequence
from dataclasses import replace

from webapp.kernel.i18n import _
from webapp.kernel.text.formats import number
from webapp.reports.queries import acquisition, followers
from webapp.reports.queries.acquisition import STEPS, Funnel
from webapp.reports.scope import Scope
from webapp.reports.sections import Column, Row, Section, Value, part, share, shares


def by_source(scope: Scope) -> Section | None:
    """Return the funnel of each source; nothing where no page asks in the account's name."""
    found = acquisition.by_source(scope.runtime, scope.service, scope.period)
    if not found:
        return None
    rows = [_row(item, item.name or _("No source")) for item in found]
    empty = Section(name="sources", title=_("New contacts, by source"), heading=_("Source"))
    return replace(_filled(empty, rows, found), note=_rate(scope, found))


def by_page(scope: Scope) -> Section | None:
    """Return the funnel of each page of the account."""
    found = acquisition.by_page(scope.runtime, scope.service, scope.period)
    if not found:
        return None
    empty = Section(name="pages", title=_("New contacts, by page"), heading=_("Page"))
    return _filled(empty, [_row(item, item.name) for item in found], found)


def _filled(empty: Section, rows: Sequence[Row], found: Sequence[Funnel]) -> Section:
    sums = {key: sum(getattr(item, key) for item in found) for key in STEPS}
    whole = [_row(Funnel(name="", **sums), _("All"), whole=True)] if len(rows) > 1 else []
    return replace(
        empty,
        columns=(
            Column(label=_("Opened")),
            Column(label=_("Signed in")),
            shares(_("of those")),
            Column(label=_("Accepted")),
            shares(_("of these")),
            Column(label=_("Refused")),
            Column(label=_("With a profile")),
            Column(label=_("Machines")),
        ),
        rows=[*rows, *whole],
        source=_(
            "From the counters of the pages, by days of the account. Whoever signed in and neither "
            "accepted nor refused did not come back: what they wanted is unknown. Machines are "
            "told by the rules of clicks and are in no other column."
        ),
    )


def _row(item: Funnel, label: str, *, whole: bool = False) -> Row:
    values: tuple[Value, ...] = (
        item.viewed,
        item.signed_in,
        part(item.signed_in, item.viewed),
        item.consented,
        part(item.consented, item.signed_in),
        item.refused,
        item.profiles,
        item.fetched,
    )
    return Row(label=label, key=item.name, values=values, whole=whole)


def _rate(scope: Scope, found: Sequence[Funnel]) -> str:
    """Say how many of a hundred subscribers were won by pages, where these were ever counted."""
    now = followers.at_the_end(scope.runtime, scope.service, scope.period.last)
    rate = part(sum(item.consented for item in found), now or 0)
    if rate is None:
        return ""
    return _(
        "%(n)s accepted, which is %(rate)s of the %(all)s subscribers of then.",
        n=number(sum(item.consented for item in found)),
        rate=share(rate),
        all=number(now),
    )
