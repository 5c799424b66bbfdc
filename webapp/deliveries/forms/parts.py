"""The parts of the composer's forms: each reads its fields from a delivery and writes them back.

A value with a fault is left out, so that whatever else was typed is saved all the same.
"""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import Optional, StopValidation
from wtforms.widgets import CheckboxInput, HiddenInput

from webapp.deliveries.drafts import wording
from webapp.deliveries.models import Audience, Delivery, PartText
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web.forms import choices
from webapp.services.models import Service


class WholeField(IntegerField):
    """A whole number, with our own sentence for anything else."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError as cause:
            raise ValueError(_("Write a whole number, such as 5.")) from cause


class Part(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What every step carries: the revision that was being edited."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    # An unasked save finds nothing wrong with what nobody touched yet; what it leaves out stays.
    unasked = False
    unfinished = ""

    @classmethod
    def stored(cls, delivery: Delivery) -> dict[str, Any]:
        """Return the values of the fields as they are saved."""
        return {"revision": delivery.revision}

    def offer(self, accounts: Sequence[Service]) -> None:
        """Fill the choices from the accounts of the delivery's channel."""

    def values(self) -> dict[str, Any]:
        """Return what to change, by the names of `DeliveryChanges`."""
        return {}

    def sound(self, *names: str) -> bool:
        """Tell whether none of these fields has a fault."""
        return not any(self[name].errors for name in names)


class SenderPart(Part):
    """The one account that direct messages go out from, and who is meant before conditions."""

    sender = SelectField(lazy_gettext("Send from"), coerce=whole, validate_choice=False)
    audience = RadioField(
        lazy_gettext("Send to"),
        choices=choices(
            [
                (Audience.CONSENTED.value, lazy_gettext("People who wrote first or opted in")),
                (Audience.EVERYONE.value, lazy_gettext("All subscribers")),
            ]
        ),
    )

    @classmethod
    def stored(cls, delivery: Delivery) -> dict[str, Any]:
        """Return the values of the fields as they are saved."""
        chosen = delivery.services[0].id if delivery.services else 0
        more = {"sender": chosen, "audience": delivery.audience.value}
        return super().stored(delivery) | more

    def offer(self, accounts: Sequence[Service]) -> None:
        """Offer every account but the test accounts."""
        super().offer(accounts)
        real = [(item.id, item.shown_name) for item in accounts if not item.is_test]
        self.sender.choices = choices([(0, lazy_gettext("Choose an account")), *real])

    def values(self) -> dict[str, Any]:
        """Return what to change."""
        found = super().values()
        if self.sound("sender"):
            found["service_ids"] = [self.sender.data] if self.sender.data else []
        if self.sound("audience"):
            found["audience"] = Audience(self.audience.data)
        return found


class AccountsPart(Part):
    """The accounts that a post goes out from."""

    accounts = SelectMultipleField(
        lazy_gettext("Publish as"),
        coerce=whole,
        validate_choice=False,
        option_widget=CheckboxInput(),
    )

    @classmethod
    def stored(cls, delivery: Delivery) -> dict[str, Any]:
        """Return the values of the fields as they are saved."""
        return super().stored(delivery) | {"accounts": [item.id for item in delivery.services]}

    def offer(self, accounts: Sequence[Service]) -> None:
        """Offer every account but the test accounts."""
        super().offer(accounts)
        self.accounts.choices = choices(
            (item.id, item.shown_name) for item in accounts if not item.is_test
        )

    def values(self) -> dict[str, Any]:
        """Return what to change."""
        return super().values() | {"service_ids": self.accounts.data or []}


class ProofPart(Part):
    """The account that proofs go to."""

    published = False
    proof_account = SelectField(
        lazy_gettext("Proofs go to"),
        coerce=whole,
        validate_choice=False,
        description=lazy_gettext("A private test account is best: nobody else reads it."),
    )

    @classmethod
    def stored(cls, delivery: Delivery) -> dict[str, Any]:
        """Return the values of the fields as they are saved."""
        return super().stored(delivery) | {"proof_account": delivery.proof_service_id or 0}

    def offer(self, accounts: Sequence[Service]) -> None:
        """Offer the test accounts first; to a post, which is published there, no others."""
        super().offer(accounts)
        fit = [item for item in accounts if item.is_test or not self.published]
        ordered = sorted(fit, key=lambda item: (not item.is_test, item.internal_name))
        named = [(item.id, _proof_words(item)) for item in ordered]
        self.known = {item.id for item in ordered}
        self.proof_account.choices = choices([(0, lazy_gettext("Choose an account")), *named])

    def values(self) -> dict[str, Any]:
        """Return what to change."""
        chosen = self.proof_account.data
        return super().values() | {"proof_service_id": chosen if chosen in self.known else None}


def _proof_words(account: Service) -> str:
    name = account.shown_name
    return _("%(name)s, test account", name=name) if account.is_test else name


class TextsField(Field):
    """Several texts of one name, in their order."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        if valuelist:
            self.data = list(valuelist)

    def pre_validate(self, form: FlaskForm) -> None:  # noqa: ARG002
        """Refuse a text that is too long to be kept, and what stands beside it."""
        if any(len(text) > wording.LONGEST_CONTENT for text in self.data or ()):
            raise StopValidation(_("This text is too long to be kept."))


# Behind it stands the row of a picture.
ALT = "alt-"


class TextPart(Part):
    """The text itself; that of a thread part by part, each with the row it is known by."""

    content = TextsField(lazy_gettext("Text"))
    part = TextsField()

    @classmethod
    def stored(cls, delivery: Delivery) -> dict[str, Any]:
        """Return the values of the fields as they are saved."""
        return super().stored(delivery) | told(delivery)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The known row of each part, empty for a new one, and its text."""
        keys, texts = self.part.data or [], self.content.data
        return [(keys[at] if at < len(keys) else "", text) for at, text in enumerate(texts)]

    def values(self) -> dict[str, Any]:
        """Return what to change: all parts where the page shows them, else the first."""
        found = super().values() | alts()
        if not self.sound("content"):
            return found
        if "part" in request.form:
            parts = [PartText(text, row_id(key)) for key, text in self.rows]
            return found | {"parts": parts}
        return found | {"content": next(iter(self.content.data), "")}


def alts() -> dict[str, dict[int, str]]:
    """Return what is said of pictures, by their rows; nothing where none has a field."""
    sent = {
        row: text
        for name, text in request.form.items()
        if name.startswith(ALT) and (row := row_id(name.removeprefix(ALT))) is not None
    }
    return {"alts": sent} if sent else {}


def row_id(key: str) -> int | None:
    """Return the row that a part is known by; whatever else was sent stands for a new one."""
    try:
        return whole(key)
    except ValueError:
        return None


def told(delivery: Delivery) -> dict[str, list[str]]:
    """Return the parts of a delivery by the names of the fields that edit them."""
    parts = delivery.parts
    return {
        "content": [part.text for part in parts],
        "part": [str(part.row_id or "") for part in parts],
    }
