"""What the network counts of the account: its followers, whom it follows, its posts."""

from datetime import date

from webapp.kernel.i18n import _
from webapp.kernel.plots import Plot
from webapp.kernel.text import naming
from webapp.reports.queries import accounts
from webapp.reports.scope import Scope, curves, heading, is_known, labels, rows, told
from webapp.reports.sections import Column, Section, Value

FOLLOWERS = "followers"
NAMES = (FOLLOWERS, "following", "post_count")


def section(scope: Scope) -> Section:
    """Return what was read of the account, as it stood at the end of each block of days."""
    runtime, service, period = scope.runtime, scope.service, scope.period
    mine = accounts.by_day(runtime, service, period)
    before = accounts.by_day(runtime, service, scope.compared) if scope.compared else {}
    people = naming.headed(naming.people(naming.MANY, service.kind))

    def tally(first: date, last: date) -> tuple[Value, ...]:
        return tuple(accounts.last(mine, name, first, last) for name in NAMES)

    step = period.step
    made = curves(
        scope,
        step,
        people,
        lambda *days: accounts.last(mine, FOLLOWERS, *days),
        lambda *days: accounts.last(before, FOLLOWERS, *days),
    )
    spans = list(period.spans(step))
    unread = [at for at, one in enumerate(spans) if tally(one.first, one.last)[0] is None]
    plot = Plot(
        label=told(period, people), labels=labels(period, step), curves=made, unknown=unread
    )
    return Section(
        name="counts",
        title=_("The account as the network counts it"),
        heading=heading(step),
        columns=(Column(label=people), Column(label=_("Follows")), Column(label=_("Posts"))),
        rows=rows(period, step, tally) if mine else (),
        fine=rows(period, period.fine_step, tally) if mine else (),
        plot=plot if mine and is_known(made) else None,
        source=_(
            "As the network told it whenever the account was read, by the workflow Statistics or "
            "on its page: the last reading of these days. Days without one are unknown."
        ),
        empty=_("The account was not read in these days. The workflow Statistics reads it."),
    )
