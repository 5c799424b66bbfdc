"""Ways to break the contract, each in a channel that is otherwise the example."""

import time
from dataclasses import replace

import requests
from wtforms import StringField

import channels
from channels import ChannelError, ErrorKind, NotSent, Sent, Wish
from channels.http import text_of
from tests.example_channel.fanfare_notice import (
    Board,
    Letters,
    Notice,
    NoticeForm,
    board,
    people,
)


def notice(part: Board) -> Notice:
    """The example with another board, or with other letters."""
    made = Notice()
    if isinstance(part, Letters):
        made.inbox = made.directs = part
        return made
    made.connection = made.audience = made.posts = made.reconciliation = part
    return made


class Retrying(Board):
    def publish(self, context, part):
        try:
            return super().publish(context, part)
        except ChannelError:
            return super().publish(context, part)


class Sleeping(Board):
    def publish(self, context, part):
        time.sleep(60)
        return super().publish(context, part)


class Patient(Board):
    def publish(self, context, part):
        answer = requests.post("https://board.example/notices", json={"text": part.text})
        return Sent(remote_id=answer.json()["id"])


class LeakingIntoAddress(Board):
    def publish(self, context, part):
        path = f"/notices?token={context.secret('token')}"
        return board(context).call("POST", path, lambda row: Sent(remote_id=row["id"]))


class LeakingIntoLog(Board):
    def publish(self, context, part):
        context.log.debug("The token is %s.", context.secret("token"))
        return super().publish(context, part)


class LeakingIntoError(Board):
    def publish(self, context, part):
        text = f"The board refused {context.secret('token')}."
        raise ChannelError(text, kind=ErrorKind.UNKNOWN)


class Raising(Board):
    def publish(self, context, part):
        raise KeyError("id")


class Optimistic(Board):
    def publish(self, context, part):
        try:
            return super().publish(context, part)
        except ChannelError as fault:
            raise ChannelError("Try again.", kind=ErrorKind.TEMPORARY) from fault


class Believing(Board):
    """It takes one status of a server for a word about the request."""

    status, kind = 503, ErrorKind.TEMPORARY

    def publish(self, context, part):
        try:
            return super().publish(context, part)
        except ChannelError as fault:
            if fault.said != f"HTTP {self.status}":
                raise
            raise ChannelError("Nothing was done.", kind=self.kind) from fault


class Dismissing(Believing):
    status, kind = 531, ErrorKind.PERMANENT


class Following(Board):
    """It goes where a redirection leads."""

    def publish(self, context, part):
        def row_of(found):
            return Sent(remote_id=text_of(found, "id"))

        body = {"text": part.text}
        return board(context).call("POST", "/notices", row_of, json=body, allow_redirects=True)


class Naming(Board):
    """It makes a name of whatever stands in the answer."""

    def publish(self, context, part):
        def row_of(found):
            return Sent(remote_id=str(found["id"]))

        return board(context).call("POST", "/notices", row_of, json={"text": part.text})


class Content(Board):
    """It takes every success for its own."""

    def publish(self, context, part):
        made = board(context).call("POST", "/notices", lambda found: found, json={"text": "Hi"})
        return Sent(remote_id=str(made.get("id", "?")) if isinstance(made, dict) else "?")


class Curt(Board):
    def publish(self, context, part):
        raise ChannelError("nope", kind=ErrorKind.UNKNOWN)


class Vague(Board):
    def publish(self, context, part):
        raise ChannelError("The limit is spent.", kind=ErrorKind.LIMITED)


class Guessing(Board):
    def find_sent(self, context, attempt):
        try:
            return super().find_sent(context, attempt)
        except ChannelError:
            return NotSent()


class Hasty(Board):
    def find_sent(self, context, attempt):
        return NotSent()


class Settling(Board):
    """It forgets what other attempts account for."""

    def find_sent(self, context, attempt):
        rows = board(context).call("GET", "/letters/2001", lambda found: found["sent"])
        return Sent(remote_id=rows[0]["id"]) if rows else NotSent()


class Endless(Board):
    def read(self, context, cursor):
        return channels.AudiencePage(people=(), next_cursor="again")


class Repeating(Board):
    def read(self, context, cursor):
        page = board(context).call("GET", "/readers", people)
        return channels.AudiencePage(people=page.people * 2, next_cursor=None)


class Agreeable(Letters):
    """It hears STOP alone, and takes every other answer for an agreement."""

    def read(self, context, cursor):
        page = super().read(context, cursor)
        heard = [
            replace(item, wish=Wish.STOP if item.text == "STOP" else Wish.OPT_IN)
            for item in page.messages
        ]
        return replace(page, messages=tuple(heard))


class Local(Board):
    """Its times are of no zone."""

    def connect(self, context):
        account = super().connect(context)
        naive = context.now().replace(tzinfo=None)
        post = channels.RemotePost(remote_id="1", text="", posted_at=naive)
        return channels.Account(
            remote_id=account.remote_id, handle=account.handle, name="", posts=(post,)
        )


class Loose(Board):
    def measure(self, text):
        return channels.Measure(length=len(text), limit=400)

    def check(self, content):
        return Board().check(content)


class Silent(Board):
    def diagnose(self, context):
        return ()


class OpenForm(NoticeForm):
    token = StringField("Token")


class Open(Board):
    def settings_form(self):
        return OpenForm
