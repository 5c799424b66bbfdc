"""What came of a click, as the target of its link reports it: signed, and each report once.

The report names the click by the signed id that the redirect gave to the target, so nobody makes
one up; its own signature, with a key that only the instance and the target know, lets no reader of
that id report in its name.
"""

import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from webapp.kernel import sealed
from webapp.kernel.db import insert_into
from webapp.kernel.errors import Invalid, NotAllowed, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import UnreadableSecret
from webapp.kernel.text.lengths import LONGEST
from webapp.tracking import tokens
from webapp.tracking.models import Conversion, TrackedLink, TrackingChoice

KEY = "conversions"
SIGNED = "sha256="
MOST = Decimal(1_000_000_000)
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that was understood; an amount has at most six decimals."""

    click: tokens.ClickNumbers
    kind: str
    reference: str
    amount: Decimal | None
    currency: str


@requires(Permission.ADMIN)
def new_key(runtime: Runtime) -> str:
    """Make the key that reports are signed with, and return it once; the former one is over."""
    key = secrets.token_urlsafe(32)
    sealed.put(runtime, KEY, key)
    runtime.record("tracking.key", TrackingChoice(id=1))
    runtime.session.commit()
    return key


@requires(Permission.ADMIN)
def has_key(runtime: Runtime) -> bool:
    """Tell whether reports are taken at all."""
    return sealed.has(runtime, KEY)


@requires(Permission.PUBLIC)
def take(runtime: Runtime, body: bytes, signature: str) -> bool:
    """Keep a report and tell whether it is new; raise what is wrong with it.

    `NotAllowed` where its signature is none of ours, `Invalid` by its fields, `NotFound` where the
    link is gone.
    """
    _refuse_unsigned(runtime, body, signature)
    report = _read(runtime, body)
    if runtime.session.get(TrackedLink, report.click.link_id) is None:
        raise NotFound(_("The link of this click is gone."))
    row = {
        "click_key": report.click.key,
        "link_id": report.click.link_id,
        "kind": report.kind,
        "reference": report.reference,
        "amount": report.amount,
        "currency": report.currency,
        "at": runtime.now(),
    }
    insert = insert_into(runtime.session, Conversion.__table__).on_conflict_do_nothing()
    new = runtime.session.scalar(insert.values(row).returning(Conversion.__table__.c.id))
    runtime.session.commit()
    return new is not None


def _refuse_unsigned(runtime: Runtime, body: bytes, signature: str) -> None:
    """Raise `NotAllowed` for what the key of this instance did not sign; without one, for all."""
    try:
        key = sealed.read(runtime, KEY)
    except UnreadableSecret:
        key = None
    told = signature.removeprefix(SIGNED).strip().lower()
    wanted = hmac.new((key or secrets.token_hex()).encode(), body, "sha256").hexdigest()
    if not key or not hmac.compare_digest(told.encode(), wanted.encode()):
        raise NotAllowed(_("This report is not signed with the key of this instance."))


def _read(runtime: Runtime, body: bytes) -> Report:
    try:
        told = json.loads(body)
    # What is nested too deep for the reader is no report either.
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Invalid(_("A report is a JSON object."), {})
    click = tokens.click_of(runtime.settings, str(told.get("click", "")))
    if click is None:
        fault = _("This is the id of no click; send on what stood behind fanfare_click.")
        raise Invalid(fault, {"click": fault})
    return Report(
        click=click,
        kind=_words(told, "kind") or "conversion",
        reference=_words(told, "reference"),
        amount=_amount(told),
        currency=_currency(told),
    )


def _words(told: Mapping[str, Any], name: str) -> str:
    text = " ".join(str(told.get(name) or "").split())
    if len(text) > LONGEST or not text.isprintable():
        fault = _("Write at most %(n)s characters, all of which can be shown.", n=LONGEST)
        raise Invalid(fault, {name: fault})
    return text


def _currency(told: Mapping[str, Any]) -> str:
    code = _words(told, "currency").upper()
    if code and not CURRENCY.fullmatch(code):
        fault = _("Write the three letters of a currency, such as EUR.")
        raise Invalid(fault, {"currency": fault})
    return code


def _amount(told: Mapping[str, Any]) -> Decimal | None:
    if told.get("amount") in (None, ""):
        return None
    fault = _("Write an amount such as 12.50, with six decimals at most.")
    try:
        amount = Decimal(str(told["amount"]))
        sound = amount.is_finite() and abs(amount) < MOST and amount == round(amount, 6)
    except InvalidOperation:
        sound = False
    if not sound:
        raise Invalid(fault, {"amount": fault})
    return amount
