"""Rules about the key of what is sent: where it is honoured, trying again is the same request."""

from datetime import timedelta
from typing import Any

from channels.outgoing import Accepts
from channels.testing.asked import said_by
from channels.testing.calls import ANNA, KEY, OTHER_KEY, Call, outgoing
from channels.testing.rules import Rules, explained
from channels.testing.watch import Watch

HOUR = timedelta(hours=1)


class KeyRules(Rules):
    """A channel that says it honours keys is tried twice with one; one thing comes of it."""

    def test_a_key_that_is_honoured_is_sent_the_same_again(
        self, watch: Watch, create: Call
    ) -> None:
        if not self._accepts(create).honours_key:
            return
        first, made = self._try(watch, create, KEY)
        watch.context.time += HOUR
        again, same = self._try(watch, create, KEY)
        watch.context.time -= HOUR
        other, _made = self._try(watch, create, OTHER_KEY)

        assert first == again, (
            f"{create.name} honours the key, so trying again is the very same request: take what "
            "differs, such as a time, from Outgoing.made_at."
        )
        assert made == same, f"{create.name} made two things of one key: {made} and {same}."
        assert first != other, f"{create.name} says that it honours the key, and does not send it."

    def _accepts(self, call: Call) -> Accepts:
        channel = self.channel
        return channel.post_accepts if call.part == "posts" else channel.direct_accepts

    def _try(self, watch: Watch, call: Call, key: str) -> tuple[dict[str, str], Any]:
        """Return what a request with this key says, and what came of it."""
        watch.wire.restart(self.script_of(call.name))
        result = watch.make(call.name, lambda: self._send(watch, call, key))
        assert watch.wire.exchanges, f"{call.name} asked the network nothing: {explained(result)}"
        return said_by(watch.wire.exchanges[0]), result

    def _send(self, watch: Watch, call: Call, key: str) -> Any:
        posts, directs, what = self.channel.posts, self.channel.directs, outgoing(self.text, key)
        if call.part == "posts":
            assert posts is not None
            return posts.publish(watch.context, what)
        assert directs is not None
        return directs.send(watch.context, ANNA, what)
