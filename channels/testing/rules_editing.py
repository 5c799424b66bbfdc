"""Rules about corrections: the post is named, its new text is sent, and it keeps an id."""

from datetime import datetime, timedelta

from channels.outcomes import Sent
from channels.testing.asked import said_by
from channels.testing.calls import outgoing
from channels.testing.rules import Rules, about
from channels.testing.watch import Watch


class EditingRules(Rules):
    """A correction changes one post, to what was written."""

    @about("editing")
    def test_a_correction_names_the_post_and_sends_its_text(self, watch: Watch) -> None:
        plain = self._said(watch, "3001", self.text)

        assert self._said(watch, "3002", self.text) != plain, "edit names no post."
        assert self._said(watch, "3001", f"{self.text} Again.") != plain, "edit sends no text."

    @about("editing")
    def test_until_when_a_post_may_be_corrected_is_told_without_the_network(
        self, watch: Watch
    ) -> None:
        part, posted = self.channel.editing, watch.context.now() - timedelta(minutes=1)
        assert part is not None
        ends = watch.make("until", lambda: part.until(watch.context, posted))

        assert ends is None or isinstance(ends, datetime), f"until returned {ends!r}."
        assert watch.wire.exchanges == []

    def _said(self, watch: Watch, remote_id: str, text: str) -> dict[str, str]:
        part = self.channel.editing
        assert part is not None
        watch.wire.restart(self.script_of("edit"))
        result = watch.make("edit", lambda: part.edit(watch.context, remote_id, outgoing(text)))
        assert isinstance(result, Sent), f"edit returned {result!r}."
        return said_by(watch.wire.exchanges[0])
