"""The specimen's account: connecting it, renewing its session, its people and its limits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import channels
from channels import CountsAs, Limit, Operation, Price, Scope
from channels.http import member_of, text_of
from tests.specimen_channel.network import SpecimenForm, letter, network, person

WRITES = Operation("writes", "Writes", CountsAs.POST)


class Account:
    """Connection, audience and inbox."""

    def settings_form(self) -> type[channels.SettingsForm]:
        return SpecimenForm

    def connect(self, context: channels.ChannelContext) -> channels.Account:
        return network(context).call(
            "GET",
            "/me",
            lambda row: channels.Account(
                remote_id=text_of(row, "id"),
                handle=text_of(row, "handle"),
                name=text_of(row, "name"),
            ),
        )

    def diagnose(self, context: channels.ChannelContext) -> Iterator[channels.Check]:
        yield channels.tried("Tokens", lambda: self.connect(context), fix="Sign in again.")


class People:
    def read(self, context: channels.ChannelContext, cursor: str | None) -> channels.AudiencePage:
        return network(context).call(
            "GET",
            "/readers",
            lambda found: channels.AudiencePage(
                people=tuple(person(row) for row in member_of(found, "people")),
                next_cursor=member_of(found, "next"),
            ),
            params={"from": cursor or ""},
        )


class Letters:
    def read(self, context: channels.ChannelContext, cursor: str | None) -> channels.InboundPage:
        return network(context).call(
            "GET",
            "/inbox",
            lambda found: channels.InboundPage.received(
                [letter(row) for row in member_of(found, "letters")],
                context.remote_id,
                member_of(found, "next"),
            ),
            params={"from": cursor or ""},
        )


class Sessions:
    """Access tokens of an hour; the refresh token changes with each use."""

    def expires_at(self, context: channels.ChannelContext) -> datetime | None:
        told = context.state.get("expires_at")
        return datetime.fromisoformat(told) if told else None

    def uses_up(self, context: channels.ChannelContext) -> str:
        return context.secret("refresh_token")

    def refresh(self, context: channels.ChannelContext) -> channels.Session:
        return _session(context, {"refresh_token": context.secret("refresh_token")})


class Moving:
    """The signing key of old is worth a session."""

    def words(self) -> channels.MovingWords:
        return channels.MovingWords(
            older="signing key",
            newer="session",
            title="Move to sessions",
            line="Specimen ends its signing keys.",
        )

    def keys(self) -> Sequence[str]:
        return ("signing_key",)

    def trade(self, context: channels.ChannelContext) -> channels.Session:
        return _session(context, {"signing_key": context.secret("signing_key")})


def _session(context: channels.ChannelContext, body: Mapping[str, str]) -> channels.Session:
    def session(found: Mapping[str, object]) -> channels.Session:
        names = ("access_token", "refresh_token")
        lasts = timedelta(seconds=int(text_of(found, "expires_in")))
        ends = context.now() + lasts
        return channels.Session(
            secrets={name: text_of(found, name) for name in names},
            state={"expires_at": ends.isoformat()},
            expires_at=ends,
        )

    asked = network(context, meaning=_refused)
    return asked.call("POST", "/token", session, json=body)


def _refused(answer):
    """A refresh token that is worth nothing is the account's fault, whatever the status says."""
    if answer.json()["error"] == "invalid_grant":
        sentence = "The session of this account ended. Sign in again."
        return channels.ChannelError(sentence, kind=channels.ErrorKind.SENDER, code="bad_token")
    return None


class Limits:
    def limits(self, _context: channels.ChannelContext) -> Sequence[Limit]:
        points = {Operation.POST: 3, Operation.EDIT: 2, Operation.UPLOAD: 1}
        return (
            Limit(operation=WRITES, scope=Scope.ACCOUNT, seconds=3600, cap=5000, points=points),
            Limit(
                operation=Operation.DIRECT,
                scope=Scope.APP,
                seconds=86_400,
                cap=1000,
                shared_key="specimen-app",
            ),
        )

    def prices(self, _context: channels.ChannelContext) -> Sequence[Price]:
        return (Price(operation=Operation.DIRECT, amount=Decimal("0.001"), label="A letter"),)

    def variant(self, _content: channels.Content) -> str:
        return ""
