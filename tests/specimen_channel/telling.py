"""What the specimen's network tells: events that it signs, figures, and who signs in."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

import channels
from channels import Event, EventKind, EventRequest, Received
from channels.http import member_of, text_of
from tests.specimen_channel.network import Found, letter, moment, network, person

SIGNATURE = "specimen-signature"
FIGURES = {"seen": "Seen", "liked": "Liked"}


def signature(key: str, body: bytes) -> str:
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def forged() -> channels.ChannelError:
    sentence = "The signature of this request does not fit."
    return channels.ChannelError(sentence, kind=channels.ErrorKind.PERMANENT, code="forged")


class Events:
    def read(self, context: channels.ChannelContext, request: EventRequest) -> Received:
        wanted = signature(context.secret("signing_key"), request.body)
        if not hmac.compare_digest(wanted, request.headers.get(SIGNATURE, "")):
            raise forged()
        found = json.loads(request.body)
        return Received(
            events=tuple(event(row) for row in found["events"]), answer=found.get("challenge", "")
        )


def event(row: Found) -> Event:
    return Event(
        event_id=text_of(row, "id"),
        kind=EventKind(row["what"]),
        at=moment(row["at"]),
        message_id=row.get("message", ""),
        person=person(row["who"]) if "who" in row else None,
        reply=letter(row["letter"]) if "letter" in row else None,
        lasting=bool(row.get("lasting")),
        said=row.get("said", ""),
    )


class Metrics:
    def figures(self) -> Mapping[str, str]:
        return FIGURES

    def at_once(self) -> int:
        return 100

    def read(
        self, context: channels.ChannelContext, remote_ids: Sequence[str]
    ) -> Sequence[channels.PostFigures]:
        def figures(found: Found) -> list[channels.PostFigures]:
            return [counted(row) for row in member_of(found, "posts")]

        return network(context).call(
            "GET", "/figures", figures, params={"of": ",".join(remote_ids)}
        )


def counted(row: Found) -> channels.PostFigures:
    figures = {name: row[name] for name in FIGURES if isinstance(row.get(name), int)}
    return channels.PostFigures(remote_id=text_of(row, "id"), figures=figures)


class SignIn:
    def scopes(self) -> Mapping[str, str]:
        return {"profile": "Read the profile.", "write": "Write letters."}

    def missing(self, context: channels.ChannelContext) -> str:
        return "" if context.settings.get("address") else "Enter the address of the network."

    def authorise(self, context: channels.ChannelContext, request: channels.SignInRequest) -> str:
        asked = {
            "redirect_uri": request.redirect_uri,
            "state": request.state,
            "code_challenge": request.challenge,
            "code_challenge_method": "S256",
            "scope": " ".join(request.scopes),
        }
        return f"{context.settings['address']}/authorise?{urlencode(asked)}"

    def exchange(
        self, context: channels.ChannelContext, request: channels.SignInRequest, code: str
    ) -> channels.Granted:
        body = {
            "code": code,
            "verifier": request.verifier,
            "redirect_uri": request.redirect_uri,
        }
        return network(context).call("POST", "/token", granted, json=body)

    def profile(
        self, context: channels.ChannelContext, granted: channels.Granted
    ) -> channels.SharedProfile:
        asked = network(context, granted.secrets["access_token"])
        return asked.call(
            "GET",
            "/me",
            lambda row: channels.SharedProfile(
                person=person(row), shared={"email": text_of(row, "email")}
            ),
        )


class Sharing:
    def fields(self) -> Mapping[str, Sequence[str]]:
        return {"person": ["profile"], "email": ["profile", "email"]}

    def check(self, text: str) -> Iterable[channels.Finding]:
        if "reward" in text:
            yield channels.Finding(
                code="reward", level=channels.Level.WARNING, message="Rewards are not welcome."
            )


def granted(found: Found) -> channels.Granted:
    return channels.Granted(
        secrets={"access_token": text_of(found, "access_token")},
        scopes=frozenset(text_of(found, "scope").split()),
    )
