"""What pages of an account that ask people came to, from their daily counters."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from webapp.acquisition.models import AcquisitionDay, AcquisitionPage
from webapp.kernel.runtime import Runtime
from webapp.reports.period import Period
from webapp.services.models import Service

STEPS = ("viewed", "started", "signed_in", "consented", "refused", "profiles", "fetched")


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How many came how far, from one source or on one page."""

    name: str
    viewed: int
    started: int
    signed_in: int
    consented: int
    refused: int
    profiles: int
    fetched: int

    @property
    def is_anybody(self) -> bool:
        """Whether somebody came at all."""
        return bool(self.viewed or self.signed_in or self.consented or self.refused)


def by_source(runtime: Runtime, service: Service, period: Period) -> list[Funnel]:
    """Return the funnel of each source, by days of the account, the one with most answers first."""
    wanted = _within(select(AcquisitionDay.source, *_sums()), service, period)
    return _funnels(runtime, wanted.group_by(AcquisitionDay.source))


def by_page(runtime: Runtime, service: Service, period: Period) -> list[Funnel]:
    """Return the funnel of each page."""
    wanted = _within(select(AcquisitionPage.label, *_sums()), service, period)
    return _funnels(runtime, wanted.group_by(AcquisitionPage.id, AcquisitionPage.label))


def _sums() -> list[Any]:
    return [func.sum(getattr(AcquisitionDay, name)) for name in STEPS]


def _within(wanted: Select[Any], service: Service, period: Period) -> Select[Any]:
    return wanted.join(AcquisitionPage, AcquisitionPage.id == AcquisitionDay.page_id).where(
        AcquisitionPage.service_id == service.id,
        AcquisitionDay.day >= period.first,
        AcquisitionDay.day <= period.last,
    )


def _funnels(runtime: Runtime, wanted: Select[Any]) -> list[Funnel]:
    rows = runtime.session.execute(wanted)
    made = [
        Funnel(
            name=name,
            **{key: int(value or 0) for key, value in zip(STEPS, values, strict=True)},
        )
        for name, *values in rows
    ]
    some = [item for item in made if item.is_anybody]
    return sorted(some, key=lambda item: (-item.consented, -item.viewed, item.name))
