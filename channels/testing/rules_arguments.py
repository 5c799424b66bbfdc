"""Rules about what a write is told: each of it reaches the network, and only whom it is for."""

from collections.abc import Callable, Mapping
from typing import Any

from channels.outcomes import Sent
from channels.outgoing import Content, Feature, Part
from channels.testing.altered import others
from channels.testing.asked import core_of, news, said_by
from channels.testing.calls import STRANGER, Call, outgoing
from channels.testing.rules import Rules, about, explained
from channels.testing.watch import Watch
from channels.testing.wire import Answer
from channels.values import Level

OTHER_ID = "3002"


class ArgumentRules(Rules):
    """Nothing that a write is given is dropped on the way, and a message stays between two."""

    def test_what_is_written_reaches_the_network(self, watch: Watch, create: Call) -> None:
        plain = self.said(watch, create, create.make, self.text)
        other = self.said(watch, create, create.make, f"{self.text} Again.")

        assert plain != other, f"{create.name} asks the same, whatever is to be sent."

    @about("posts")
    def test_the_post_that_is_taken_back_is_named(self, watch: Watch) -> None:
        call = self.call_of("delete")
        plain = self.said(watch, call, call.make)
        other = self.said(watch, call, lambda it, to, _: it.posts.delete(to, OTHER_ID))

        assert plain != other, "delete asks the same, whatever is to be taken back."

    @about("posts")
    def test_a_part_of_a_thread_names_the_part_before_it(self, watch: Watch) -> None:
        assert self.channel.posts is not None
        thread = Content(parts=(Part(text=self.text), Part(text=f"{self.text} Again.")))
        refused = Level.ERROR in [item.level for item in self.channel.posts.check(thread)]
        if refused or Feature.REPLY not in self.channel.post_accepts.features:
            return  # It takes no threads, so none is ever published.
        before, call = self.read(watch, "publish").remote_id, self.call_of("publish")
        reply_to = outgoing(self.text, reply_to=before)
        plain = self.said(watch, call, call.make)
        reply = self.said(watch, call, lambda it, to, _: it.posts.publish(to, reply_to))

        core = core_of(self.script_of("publish"), before)
        assert any(core in text or before in text for text in news(plain, reply)), (
            f"The second part of a thread does not say that it follows {before}, so the thread "
            "falls apart. Send Outgoing.reply_to, or leave Feature.REPLY out of post_accepts."
        )

    @about("directs")
    def test_a_message_names_whom_it_is_for(self, watch: Watch) -> None:
        said = self._to_a_stranger(watch)

        assert any(names(text) for text in said.values()), (
            "The request names nobody, so everybody may read the message; or somebody else gets it."
        )

    def test_a_message_goes_to_no_public_place(self, watch: Watch, letter: Call) -> None:
        call = self.call_of("publish")
        public = self._unnamed(self.said(watch, call, call.make))

        assert self.told_by_recipient or public != self._unnamed(self._to_a_stranger(watch)), (
            f"{letter.name} asks what publish asks, and names a person besides: everybody reads "
            "the message. Where the recipient alone tells them apart on your network, set "
            "told_by_recipient = True."
        )

    def _to_a_stranger(self, watch: Watch) -> dict[str, str]:
        call = self.call_of("send")
        assert call.again is not None
        return self.said(watch, call, call.again)

    def _unnamed(self, said: Mapping[str, str]) -> dict[str, str]:
        """Return what a request says besides its text and whom it names; an address is kept."""
        alike = {place: "text" if self.text in it else it for place, it in said.items()}
        return {
            place: it for place, it in alike.items() if place.startswith("path") or not names(it)
        }

    def test_two_things_never_share_an_id(self, watch: Watch, create: Call) -> None:
        first = self.read(watch, create.name)
        again = create.again
        assert again is not None
        taken = next(item for item in self.script_of(create.name) if isinstance(item, Answer))
        assert isinstance(first, Sent), f"{create.name} returned {first}."
        for answer in (taken, *others(taken)):
            watch.wire.restart([answer])
            other = watch.make(create.name, lambda: again(self.channel, watch.context, self.text))
            if isinstance(other, Sent) and other.remote_id != first.remote_id:
                return
        raise AssertionError(
            f"{create.name} gives everything the id {first.remote_id}, whatever the network says."
        )

    def test_posts_and_messages_share_no_id(self, watch: Watch, letter: Call) -> None:
        post, sent = self.read(watch, "publish"), self.read(watch, letter.name)

        assert post.remote_id != sent.remote_id, (
            "A post and a message have one id. Script another for each; where the network counts "
            "them apart, put a word before one of them."
        )

    def said(
        self, watch: Watch, call: Call, make: Callable[..., Any], text: str = ""
    ) -> dict[str, str]:
        """Return what a write says, without what differs each time, such as the key of a try."""
        first, second = (
            self._asked(watch, call, lambda: make(self.channel, watch.context, text or self.text))
            for _time in range(2)
        )
        return {place: it for place, it in first.items() if second.get(place) == it}

    def _asked(self, watch: Watch, call: Call, make: Callable[[], Any]) -> dict[str, str]:
        watch.wire.restart(self.script_of(call.name))
        result = watch.make(call.name, make)
        assert watch.wire.exchanges, f"{call.name} asked the network nothing: {explained(result)}"
        return said_by(watch.wire.exchanges[0])


def names(text: str) -> bool:
    """Tell whether a text names the stranger that the suite writes to."""
    return STRANGER.remote_id in text or STRANGER.handle in text
