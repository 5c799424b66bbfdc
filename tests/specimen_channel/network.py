"""The specimen's network as its parts ask it: one place for its address, keys and answers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from wtforms import StringField, validators

import channels
from channels.http import Network, member_of, text_of
from channels.texts import wish_of

LABEL = "Specimen"
Found = Mapping[str, Any]
Meaning = Callable[[Any], channels.ChannelError | None]


class SpecimenForm(channels.SettingsForm):
    address = StringField("Address", [validators.InputRequired()])
    access_token = channels.SecretField("Access token", [validators.InputRequired()])
    refresh_token = channels.SecretField("Refresh token", [validators.InputRequired()])
    signing_key = channels.SecretField("Signing key", [validators.InputRequired()])


def network(
    context: channels.ChannelContext, token: str = "", meaning: Meaning | None = None
) -> Network:
    """The network, asked with the account's own token unless another is given."""
    bearer = {"Authorization": f"Bearer {token or context.secret('access_token')}"}
    address = str(context.settings["address"])
    return Network(LABEL, address, context, headers=bearer, meaning=meaning)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def person(row: Found) -> channels.Person:
    return channels.Person(
        remote_id=text_of(row, "id"), handle=text_of(row, "handle"), name=text_of(row, "name")
    )


def letter(row: Found) -> channels.InboundMessage:
    text = str(member_of(row, "text"))
    return channels.InboundMessage(
        remote_id=text_of(row, "id"),
        person=person(member_of(row, "from")),
        text=text,
        received_at=moment(text_of(row, "at")),
        wish=wish_of(text),
    )


def sent(found: Found) -> channels.Sent:
    return channels.Sent(remote_id=text_of(found, "id"), url=found.get("url"))


def accepted(found: Found) -> channels.Sent:
    """A letter that was taken over; whether it arrived is told by an event."""
    return channels.Sent(remote_id=text_of(found, "id"), accepted=True)
