"""What the commands share: the group, a channel's form filled in, a service as it is printed."""

from collections.abc import Collection, Mapping

import click
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field

from channels import Channel, SettingsForm
from webapp.kernel.cli.group import Group
from webapp.kernel.errors import Invalid
from webapp.kernel.text.suggestions import near
from webapp.services.channel import declared
from webapp.services.models import Service

SWITCHES = {"yes": "y", "true": "y", "1": "y", "no": "", "false": "", "0": ""}


@click.group(cls=Group)
def service() -> None:
    """Manage the connected accounts."""


def filled(
    channel: Channel,
    given: Mapping[str, str],
    *,
    stored: Service | None = None,
    known: Collection[str] = (),
) -> SettingsForm:
    """Return the channel's own form, filled in and found right; raise `Invalid` for each fault.

    What is not given stays as it is `stored`; secrets that are `known` may be left out.
    """
    empty = declared.form(channel)()
    fields = {field.short_name: field for field in empty}
    unknown = sorted(set(given) - set(fields))
    if unknown:
        hint = near(unknown[0], fields)
        raise Invalid(f"The channel {channel.label} knows no {', '.join(unknown)}. {hint}".rstrip())
    sent = {name: _as_sent(fields[name], value) for name, value in given.items()}
    settings = stored.settings if stored else {}
    kept = {name: _as_kept(value) for name, value in settings.items() if name in fields}
    whole = {name: value for name, value in (kept | sent).items() if value}
    form = type(empty)(MultiDict(whole))
    form.keep(known)
    if not form.validate():
        faults = {item.short_name: str(item.errors[0]) for item in form if item.errors}
        raise Invalid("\n".join(f"{name}: {said}" for name, said in faults.items()), faults)
    return form


def _as_sent(field: Field, value: str) -> str:
    """Return a value as a browser sends it: a box that is not ticked sends nothing."""
    if not isinstance(field, BooleanField):
        return value
    if value.lower() not in SWITCHES:
        fault = "Write yes or no."
        raise Invalid(f"{field.short_name}: {fault}", {field.short_name: fault})
    return SWITCHES[value.lower()]


def _as_kept(value: object) -> str:
    """Return a stored setting as a browser sends it."""
    if isinstance(value, bool):
        return "y" if value else ""
    return "" if value is None else str(value)


def row_of(item: Service) -> dict[str, object]:
    """Return what the commands print of a service."""
    return {
        "id": item.id,
        "channel": item.kind,
        "internal_name": item.internal_name,
        "label": item.label,
        "state": item.state.value,
        "test": item.is_test,
        "sandbox": item.is_sandbox,
        "fault": item.fault,
    }
