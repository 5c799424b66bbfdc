"""Channels that take milliseconds for seconds, or seconds for milliseconds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import requests

import channels
from channels import ChannelError, Operation, Scope, Sent
from channels.http import text_of
from tests.example_channel.fanfare_notice import Board, Letters, board

THOUSAND = 1_000


class Ancient(Letters):
    """It takes seconds for milliseconds."""

    def read(self, context, cursor):
        page = super().read(context, cursor)
        old = [
            replace(item, received_at=slow(item.received_at, 1 / THOUSAND))
            for item in page.messages
        ]
        return replace(page, messages=tuple(old))


class Archaic(Board):
    """It dates the posts of the account the same way."""

    def connect(self, context):
        at = slow(context.now(), 1 / THOUSAND)
        post = channels.RemotePost(remote_id="1", text="Spring", posted_at=at)
        return replace(super().connect(context), posts=(post,))


class Futuristic(Board):
    """It adds a thousand seconds for each."""

    def connect(self, context):
        at = context.now() + timedelta(milliseconds=context.now().timestamp() * 100)
        post = channels.RemotePost(remote_id="1", text="Spring", posted_at=at)
        return replace(super().connect(context), posts=(post,))


def slow(at, times):
    return datetime.fromtimestamp(at.timestamp() * times, UTC)


class Resting(Board):
    """It rests a thousand times as long as the network says."""

    times = THOUSAND

    def publish(self, context, part):
        try:
            return super().publish(context, part)
        except ChannelError as fault:
            if fault.retry_at:
                fault.retry_at = context.now() + (fault.retry_at - context.now()) * self.times
            raise


class Restless(Resting):
    """It rests a thousandth of the time."""

    times = 1 / THOUSAND


class Observing(Board):
    """It takes the milliseconds of a header for seconds."""

    def publish(self, context, part):
        window = {"operation": Operation.POST, "scope": Scope.ACCOUNT, "seconds": 900}
        at = context.now() + timedelta(seconds=900 * THOUSAND)
        context.observe(channels.ObservedLimit(cap=50, remaining=7, resets_at=at, **window))
        return super().publish(context, part)


class Windows:
    """It declares a window in milliseconds."""

    seconds = 900 * THOUSAND

    def limits(self, context):
        yield channels.Limit(
            operation=Operation.POST, scope=Scope.ACCOUNT, seconds=self.seconds, cap=50
        )

    def prices(self, context):
        return ()

    def variant(self, content):
        return ""


class Years(Windows):
    seconds = 86_400 * THOUSAND


class Waiting(Board):
    """It gives a timeout in milliseconds."""

    def publish(self, context, part):
        url, body = "https://board.example/notices", {"text": part.text}
        answer = requests.post(url, json=body, timeout=(5 * THOUSAND, 30 * THOUSAND))
        return Sent(remote_id=text_of(answer.json(), "id"))


class Procrastinating(Board):
    """It asks again in weeks."""

    times = THOUSAND

    def find_sent(self, context, attempt):
        found = super().find_sent(context, attempt)
        if isinstance(found, channels.Unknowable):
            return replace(found, ask_at=context.now() + timedelta(seconds=3_600 * self.times))
        return found


class Nagging(Procrastinating):
    """It would have asked again long ago."""

    times = -1


class Hastening(Letters):
    """It takes milliseconds for seconds where no year is as late."""

    def read(self, context, cursor):
        def letters(found):
            return datetime.fromtimestamp(context.now().timestamp() * THOUSAND, UTC)

        return board(context).call("GET", "/inbox", letters)
