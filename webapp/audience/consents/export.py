"""Answers of people as plain rows, for a file of any length."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select

from webapp.audience.models import Consent, ConsentWording, Visitor
from webapp.audience.visitors import people
from webapp.kernel.db import reading, streams
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# The codes stay as they are: a file is read again by the import, in whatever language.
COLUMNS = {
    "id": Consent.id,
    "account": Service.internal_name,
    "network_id": Visitor.remote_id,
    "username": Visitor.handle,
    "answer": Consent.answer,
    "scope": Consent.scope,
    "date": Consent.at,
    "source": Consent.source,
    "purpose": Consent.purpose,
    "wording": ConsentWording.text,
    "version": ConsentWording.version,
    "language": ConsentWording.language,
    "proof": Consent.proof,
    "reference": Consent.reference,
    "hash": Consent.text_hash,
    "recorded": Consent.recorded_at,
    "by": Consent.recorded_by,
    "replaces": Consent.replaces_id,
}


def columns(zone: str) -> dict[str, str]:
    """Return the heads of the columns, which the import knows again."""
    return {
        "id": _("Row"),
        "account": _("Account"),
        "network_id": _("Id on the network"),
        "username": _("Username"),
        "answer": _("Answer"),
        "scope": _("About"),
        "date": _("Date (%(zone)s)", zone=zone),
        "source": _("Source"),
        "purpose": _("Purpose"),
        "wording": _("Wording"),
        "version": _("Version of the wording"),
        "language": _("Language of the wording"),
        "proof": _("Proof"),
        "reference": _("Reference"),
        "hash": _("Hash of the words"),
        "recorded": _("Written down (%(zone)s)", zone=zone),
        "by": _("By"),
        "replaces": _("In place of row"),
    }


@requires(Permission.EXPORT)
def of_person(runtime: Runtime, visitor_id: int) -> Iterator[dict[str, Any]]:
    """Yield all that a person answered; raise `NotFound` at once for nobody."""
    visitor = people.get(runtime, visitor_id)
    return _rows(runtime, _reading().where(Consent.visitor_id == visitor.id))


@requires(Permission.EXPORT)
def of_all(runtime: Runtime) -> Iterator[dict[str, Any]]:
    """Yield all that people answered, those who were erased without their names."""
    return _rows(runtime, _reading())


def _reading() -> Select[Any]:
    columns: list[Any] = list(COLUMNS.values())
    return (
        select(*columns)
        .select_from(Consent)
        .join(Service, Service.id == Consent.service_id)
        .outerjoin(Visitor, Visitor.id == Consent.visitor_id)
        .outerjoin(ConsentWording, ConsentWording.id == Consent.wording_id)
        .order_by(Consent.id)
    )


def _rows(runtime: Runtime, query: Select[Any]) -> Iterator[dict[str, Any]]:
    # Begun when the first row is taken, which is after the request.
    runtime.session.rollback()
    with reading():
        for row in streams.rows_of(runtime.session, query):
            yield dict(zip(COLUMNS, row, strict=True))
        runtime.session.rollback()
