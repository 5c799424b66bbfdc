"""The form of an experiment's plan."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from webapp.deliveries.drafts.experiments import MOST_ARMS
from webapp.deliveries.forms.parts import WholeField
from webapp.deliveries.models import Arm, Delivery, Experiment, Metric, StopRule
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web.forms import choices, text

SHARE = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]{1,2}))?\s*%?")
NUMERIC = {"inputmode": "numeric", "class": "ff-short"}
HOURS = (6, 12, 24, 48, 72, 168, 336)
DEFAULTS = {"weight_0": 50, "weight_1": 50, "held_out": 0, "within_hours": 48, "matters": 10}
ARMS = range(1, MOST_ARMS + 1)


class PlanForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Texts with their shares, what counts, and when the verdict is final."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    weight_0 = WholeField(
        lazy_gettext("Share of A in per cent"), validators=[Optional()], render_kw=NUMERIC
    )
    held_out = WholeField(
        lazy_gettext("Held out in per cent"), validators=[Optional()], render_kw=NUMERIC
    )
    metric = SelectField(
        lazy_gettext("What counts"),
        choices=choices(
            [
                (Metric.CLICKED.value, lazy_gettext("People who clicked a link")),
                (Metric.CONVERTED.value, lazy_gettext("People of whom your shop told something")),
                (Metric.WROTE.value, lazy_gettext("People who wrote to the account")),
            ]
        ),
    )
    within_hours = SelectField(lazy_gettext("Within"), coerce=whole)
    expected = StringField(
        lazy_gettext("Expected share in per cent"),
        description=lazy_gettext("How many of a hundred do it as a rule, such as 2 or 2.5."),
        render_kw=NUMERIC,
    )
    people = WholeField(
        lazy_gettext("People"),
        validators=[Optional()],
        description=lazy_gettext("How many the experiment is for, in all arms."),
        render_kw=NUMERIC,
    )
    matters = WholeField(
        lazy_gettext("Matters from, in per cent"),
        validators=[Optional()],
        description=lazy_gettext("A smaller lift is called no difference that matters."),
        render_kw=NUMERIC,
    )
    stop = RadioField(
        lazy_gettext("The verdict is final"),
        choices=choices(
            [
                (StopRule.END.value, lazy_gettext("when everybody had their time")),
                (
                    StopRule.SHOWN.value,
                    lazy_gettext("on the first day that shows a difference, or then"),
                ),
            ]
        ),
    )

    def experiment(self) -> Experiment:
        """Return what was typed; a text that is empty is none."""
        arms = (
            Arm(
                text=str(self[f"text_{at}"].data or ""),
                subject=text(self[f"subject_{at}"]),
                html=str(self[f"html_{at}"].data or ""),
                weight=self[f"weight_{at}"].data or 0,
            )
            for at in ARMS
        )
        return Experiment(
            weight=self.weight_0.data or 0,
            arms=tuple(arm for arm in arms if arm.text.strip()),
            held_out=self.held_out.data or 0,
            metric=Metric(self.metric.data),
            within_hours=self.within_hours.data,
            expected=_parts(text(self.expected)),
            people=self.people.data or 0,
            matters=self.matters.data or 0,
            stop=StopRule(self.stop.data),
        )

    def validate_expected(self, field: StringField) -> None:
        """Refuse what is no share."""
        if _parts(text(field)) == 0:
            raise ValidationError(_("Write a share between 0.01 and 99.99 per cent."))


for _at in ARMS:
    setattr(PlanForm, f"text_{_at}", TextAreaField(render_kw={"rows": 6}))
    setattr(PlanForm, f"subject_{_at}", StringField(lazy_gettext("Subject")))
    setattr(PlanForm, f"html_{_at}", TextAreaField(render_kw={"rows": 6}))
    setattr(PlanForm, f"weight_{_at}", WholeField(validators=[Optional()], render_kw=NUMERIC))


def form_of(delivery: Delivery, people: int, *, sent: bool) -> PlanForm:
    """Return the form with what is planned, or what is proposed; `sent`: with what was typed."""
    form = PlanForm(data=_stored(delivery, people)) if sent else _unsent(delivery, people)
    form.within_hours.choices = choices((hours, _hours(hours)) for hours in HOURS)
    return form


def _unsent(delivery: Delivery, people: int) -> PlanForm:
    return PlanForm(formdata=None, data=_stored(delivery, people))


def _stored(delivery: Delivery, people: int) -> dict[str, Any]:
    plan = delivery.experiment
    begun = {
        **DEFAULTS,
        "text_1": delivery.content,
        "subject_1": delivery.subject,
        "html_1": delivery.variants[0].parts[0].html,
        "metric": Metric.CLICKED.value,
        "expected": "2",
        "people": people,
        "stop": StopRule.END.value,
    }
    if plan is None:
        return {**begun, "revision": delivery.revision}
    arms = {
        f"{name}_{at}": getattr(arm, name)
        for at, arm in enumerate(plan.arms, start=1)
        for name in ("text", "subject", "html", "weight")
    }
    return arms | {
        "revision": delivery.revision,
        "weight_0": plan.weight,
        "held_out": plan.held_out,
        "metric": plan.metric.value,
        "within_hours": plan.within_hours,
        "expected": f"{plan.expected / 100:g}",
        "people": plan.people,
        "matters": plan.matters,
        "stop": plan.stop.value,
    }


def _parts(typed: str) -> int:
    """Return a share in parts of ten thousand; nothing for what is none."""
    found = SHARE.fullmatch(typed)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0


def _hours(hours: int) -> str:
    if hours < 72:  # noqa: PLR2004 - up to two days in hours
        return _("%(n)s hours", n=hours)
    return _("%(n)s days", n=hours // 24)
