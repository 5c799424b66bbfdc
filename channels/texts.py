"""What many networks have in common about texts: a plain length, and words that ask for an end."""

from collections.abc import Iterator

from channels.outgoing import Content
from channels.sentences import _
from channels.values import Finding, Level, Measure
from channels.wishes import wish_of

__all__ = ["PlainText", "wish_of"]


class PlainText:
    """Measures and checks texts where every character counts one; a part may inherit it.

    `limit` is the most characters the network takes. A part that counts otherwise overrides
    `measure` alone: `check` goes by it, so that the counter and the analysis say the same.
    """

    limit: int

    def measure(self, text: str) -> Measure:
        """Count the characters."""
        return Measure(length=len(text), limit=self.limit)

    def check(self, content: Content) -> Iterator[Finding]:
        """Yield an error for a part that is empty or too long."""
        for part in content.parts:
            if not part.text.strip():
                yield Finding(code="empty", level=Level.ERROR, message=_("There is no text yet."))
            measure = self.measure(part.text)
            if measure.length > measure.limit:
                message = _too_long(measure, len(part.text))
                yield Finding(code="too_long", level=Level.ERROR, message=message)


def _too_long(measure: Measure, characters: int) -> str:
    over = measure.length - measure.limit
    if measure.length == characters:
        return str(_("The text is %(n)s characters too long.", n=over))
    return str(_("The text is %(n)s too long as this network counts.", n=over))
