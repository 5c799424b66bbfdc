"""How long messages of people and files of answers are kept; what consent stands on for longer."""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, or_

from webapp.audience.models import (
    ConsentImport,
    ConsentImportState,
    ReceivedMessage,
    Subscription,
)
from webapp.audience.places import RECEIVED_LEAVING
from webapp.kernel.retention import HALF_A_YEAR, Rule

OPEN = (ConsentImportState.MAPPING, ConsentImportState.RUNNING)


def leans_on_note() -> ColumnElement[bool]:
    """Return the condition that a message proves what holds now, so that it may not be removed.

    It is the one by which the person wrote first, opted in or refused, or one that nobody decided
    about yet. As soon as a later one takes its place, it may go.
    """
    moments = (
        Subscription.wrote_first_at,
        Subscription.opted_in_at,
        Subscription.opted_out_at,
        Subscription.doubted_at,
    )
    return exists().where(
        Subscription.service_id == ReceivedMessage.service_id,
        Subscription.visitor_id == ReceivedMessage.visitor_id,
        or_(*(moment == ReceivedMessage.received_at for moment in moments)),
    )


RULES = (
    Rule(
        name="inbound",
        model=ReceivedMessage,
        age=HALF_A_YEAR,
        old=lambda before: (ReceivedMessage.received_at < before) & ~leans_on_note(),
        first=RECEIVED_LEAVING.ask,
    ),
    Rule(
        name="consent_files",
        model=ConsentImport,
        age=timedelta(days=1),
        old=lambda before: (
            (ConsentImport.state == ConsentImportState.MAPPING)
            & (ConsentImport.brought_at < before)
        ),
    ),
    Rule(
        name="consent_imports",
        model=ConsentImport,
        age=HALF_A_YEAR,
        old=lambda before: ConsentImport.state.not_in(OPEN) & (ConsentImport.ended_at < before),
    ),
)
