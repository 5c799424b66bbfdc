"""The parts of the composer's forms that are about time, waves and the delivery's name."""

from datetime import datetime
from typing import Any

from flask import g
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.deliveries.approval import presets
from webapp.deliveries.drafts import validation
from webapp.deliveries.forms.parts import Part, WholeField
from webapp.deliveries.models import Delivery, LatePolicy
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.text.formats import local, zone
from webapp.kernel.time.local_time import moment
from webapp.kernel.web.forms import NEEDED, choices, show, text

HOUR, DAY = 3_600, 86_400
UNITS = {"hours": HOUR, "days": DAY}
LONGEST = 365
LARGEST_WAVE = 1_000_000
SOON, AT = "soon", "at"


class BeginPart(Part):
    """When it begins: as soon as possible, or at a day and time in the operator's zone."""

    begin = RadioField(
        lazy_gettext("Begin"),
        choices=choices([(SOON, lazy_gettext("As soon as possible")), (AT, lazy_gettext("At"))]),
    )
    day = StringField(lazy_gettext("Day"), render_kw={"type": "date"})
    clock = StringField(lazy_gettext("Time"), render_kw={"type": "time"})

    @classmethod
    def stored(cls, delivery: Delivery) -> dict[str, Any]:
        """Return the values of the fields as they are saved."""
        at = delivery.scheduled_at
        here = local(at) if at else None
        return super().stored(delivery) | {
            "begin": AT if here else SOON,
            # What is offered first stands in the fields, so that choosing *At* is saved at once.
            **_fields(here or presets.tomorrow(local(g.runtime.now()))),
        }

    @property
    def offers(self) -> list[presets.Offer]:
        """The moments that are a click away."""
        return presets.offers(local(g.runtime.now()))

    @property
    def meant(self) -> datetime | None:
        """The moment that the fields hold; nothing while they hold none."""
        try:
            return moment(text(self.day), text(self.clock), zone())
        except Invalid:
            return None

    def values(self) -> dict[str, Any]:
        """Return what to change; a moment that cannot be read is explained beside its field."""
        found = super().values()
        if not self.sound("begin"):
            return found
        if self.begin.data == SOON:
            return found | {"scheduled_at": None}
        try:
            return found | {"scheduled_at": moment(text(self.day), text(self.clock), zone())}
        except Invalid as fault:
            untouched = {name for name in fault.fields if not text(self[name])}
            asked = fault.fields if not self.unasked else {}
            typed = {name: said for name, said in fault.fields.items() if name not in untouched}
            show(self, asked or typed)
            if self.unasked and untouched:
                self.unfinished = _("The day and the time are still missing.")
            return found


def _fields(here: datetime) -> dict[str, str]:
    return {"day": here.date().isoformat(), "clock": f"{here:%H:%M}"}


class WavePart(Part):
    """How many messages go out a day at most."""

    wave_size = WholeField(
        lazy_gettext("Messages a day, at most"),
        [
            Optional(),
            NumberRange(
                1, LARGEST_WAVE, lazy_gettext("Write a number from 1, or nothing for no waves.")
            ),
        ],
        description=lazy_gettext("Empty means no waves: as many as the limits allow."),
        render_kw={"inputmode": "numeric"},
    )

    @classmethod
    def stored(cls, delivery: Delivery) -> dict[str, Any]:
        """Return the values of the fields as they are saved."""
        return super().stored(delivery) | {"wave_size": delivery.wave_size}

    def values(self) -> dict[str, Any]:
        """Return what to change."""
        more = {"wave_size": self.wave_size.data} if self.sound("wave_size") else {}
        return super().values() | more


class OptionsPart(Part):
    """The name, how long it is valid, and what happens when it is late."""

    label = StringField(
        lazy_gettext("Label"),
        [
            NEEDED,
            Length(
                max=validation.LONGEST_LABEL,
                message=lazy_gettext(
                    "A label has at most %(n)s characters.", n=validation.LONGEST_LABEL
                ),
            ),
        ],
        description=lazy_gettext("What your team calls this delivery; nobody else sees it."),
    )
    valid_number = WholeField(
        lazy_gettext("Valid for"),
        [
            InputRequired(lazy_gettext("Write a whole number, such as 5.")),
            NumberRange(1, LONGEST, lazy_gettext("Write a whole number from 1 to 365.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    valid_unit = SelectField(
        lazy_gettext("Unit"),
        choices=choices([("hours", lazy_gettext("hours")), ("days", lazy_gettext("days"))]),
    )
    late_policy = RadioField(
        lazy_gettext("If it is late by more than an hour"),
        choices=choices(
            [
                (LatePolicy.ASK.value, lazy_gettext("Ask me")),
                (LatePolicy.SEND.value, lazy_gettext("Send all the same")),
            ]
        ),
    )

    @classmethod
    def stored(cls, delivery: Delivery) -> dict[str, Any]:
        """Return the values of the fields as they are saved."""
        unit = "hours" if delivery.valid_for % DAY else "days"
        return super().stored(delivery) | {
            "label": delivery.label,
            "valid_number": delivery.valid_for // UNITS[unit],
            "valid_unit": unit,
            "late_policy": delivery.late_policy.value,
        }

    def values(self) -> dict[str, Any]:
        """Return what to change."""
        found = super().values()
        if self.sound("label"):
            found["label"] = text(self.label)
        if self.sound("valid_number", "valid_unit"):
            found["valid_for"] = (self.valid_number.data or 0) * UNITS[self.valid_unit.data]
        if self.sound("late_policy"):
            found["late_policy"] = LatePolicy(self.late_policy.data)
        return found
