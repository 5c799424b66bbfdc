"""Parts of the specimen that break one rule each."""

import json
from dataclasses import replace
from datetime import timedelta

import channels
from channels import Received
from tests.specimen_channel import account, sending, telling
from tests.specimen_channel.network import network, sent


class Immortal(account.Sessions):
    def refresh(self, context):
        session = super().refresh(context)
        return replace(session, expires_at=context.now() - timedelta(hours=1))


class Forgetful(account.Sessions):
    """Returns its token under a name that no call reads."""

    def refresh(self, context):
        session = super().refresh(context)
        return replace(session, secrets={"tokken": session.secrets["access_token"]})


class Hoarding(account.Sessions):
    def refresh(self, context):
        session = super().refresh(context)
        context.remember("access_token", session.secrets["access_token"], secret=True)
        return session


class Telltale(account.Sessions):
    def refresh(self, context):
        session = super().refresh(context)
        context.log.info("The token is %s.", session.secrets["access_token"])
        return session


class Mistaken(account.Sessions):
    """Names another token than the one it sends."""

    def uses_up(self, context):
        return context.secret("signing_key")


class Keyless(account.Moving):
    """Trades nothing of what the account has."""

    def trade(self, context):
        return account._session(context, {"ask": "nicely"})


class Curious(account.Sessions):
    """Asks the network when its session ends."""

    def expires_at(self, context):
        network(context).call("GET", "/me", dict)


class Hopeful(account.Sessions):
    """Takes a refusal for something that passes."""

    def refresh(self, context):
        try:
            return super().refresh(context)
        except channels.ChannelError as fault:
            fault.kind = channels.ErrorKind.TEMPORARY
            raise


class Trusting(telling.Events):
    """Verifies nothing."""

    def read(self, _context, request):
        found = json.loads(request.body or b'{"events": []}')
        return Received(events=tuple(telling.event(row) for row in found["events"]))


class Loud(telling.Events):
    """Takes a forged request for a fault of the account."""

    def read(self, context, request):
        try:
            return super().read(context, request)
        except channels.ChannelError as fault:
            fault.kind = channels.ErrorKind.SENDER
            raise


class Numbering(telling.Events):
    """Numbers events as they come in, so that one which is told again is another."""

    def __init__(self):
        self.number = 0

    def read(self, context, request):
        told = super().read(context, request)
        self.number += 1
        events = (replace(item, event_id=f"{item.event_id}-{self.number}") for item in told.events)
        return replace(told, events=tuple(events))


class Merging(telling.Events):
    def read(self, context, request):
        told = super().read(context, request)
        return replace(told, events=tuple(replace(item, event_id="e") for item in told.events))


class Vague(telling.Events):
    def read(self, context, request):
        told = super().read(context, request)
        return replace(told, events=tuple(replace(item, message_id="") for item in told.events))


class Asking(telling.Events):
    def read(self, context, request):
        network(context).delete("/nothing")
        return super().read(context, request)


class Blank(sending.Uploads):
    """Sends no bytes."""

    def upload(self, context, media, so_far):
        return network(context).call("POST", "/media", sending._held(context), data=media.mime)


class Impatient(sending.Uploads):
    def upload(self, context, media, so_far):
        return replace(super().upload(context, media, so_far), ask_at=None)


class Bare(sending.Posts):
    """Publishes without the picture."""

    def publish(self, context, outgoing):
        return network(context).call("POST", "/posts", sent, json={"text": outgoing.text})


class Zeroing(telling.Metrics):
    """Takes what is unknown for zero."""

    def read(self, context, remote_ids):
        found = super().read(context, remote_ids)
        return [
            replace(item, figures={name: item.figures.get(name, 0) for name in telling.FIGURES})
            for item in found
        ]


class Inventing(telling.Metrics):
    def read(self, context, remote_ids):
        found = super().read(context, remote_ids)
        return [replace(item, figures={**item.figures, "rank": 1}) for item in found]


class Stateless(telling.SignIn):
    def authorise(self, context, request):
        return super().authorise(context, replace(request, state=""))


class Showing(telling.SignIn):
    """Puts the secret of PKCE into the address."""

    def authorise(self, context, request):
        return f"{super().authorise(context, request)}&verifier={request.verifier}"


class Unproved(telling.SignIn):
    def exchange(self, context, request, code):
        body = {"code": code}
        return network(context).call("POST", "/token", telling.granted, json=body)


class Greedy(telling.SignIn):
    """Asks for the same whatever it is told to ask for."""

    def authorise(self, context, request):
        return super().authorise(context, replace(request, scopes=("profile",)))


class Mistaking(sending.Editing):
    """Corrects one and the same post."""

    def edit(self, context, remote_id, outgoing):
        return super().edit(context, "3001", outgoing)


class Deaf(sending.Editing):
    """Corrects nothing."""

    def edit(self, context, remote_id, outgoing):
        return network(context).call("PUT", f"/posts/{remote_id}", sent, json={})


class Overwriting(sending.Posts):
    """Keeps its own value whoever was faster."""

    def publish(self, context, outgoing):
        context.swap("last", context.state.get("last", ""), outgoing.key)
        context.remember("last", outgoing.key)
        return super().publish(context, outgoing)


class Rotating(sending.Posts):
    """Changes a token that it read without asking whether it is still so."""

    def publish(self, context, outgoing):
        token = context.secret("access_token")
        made = super().publish(context, outgoing)
        context.remember("access_token", f"{token}-next", secret=True)
        return made
