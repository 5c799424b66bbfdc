"""Rules about texts: what is measured and what is checked agree."""

from collections.abc import Iterator
from unicodedata import normalize

from channels.outgoing import Content, Part
from channels.parts import Directs, Posts
from channels.testing.rules import Rules, about
from channels.values import Finding, Level, Measure

KINDS = {"text", "link", "mention", "tag"}
WORDS = ("a", "é", "日本", "👩‍👩‍👧", "https://fanfare.example/spring ", "@anna ", "line\n")


class TextRules(Rules):
    """The counter of the composer and the analysis say the same."""

    @about("posts")
    def test_posts_are_checked_as_they_are_measured(self) -> None:
        assert self.channel.posts is not None
        assert list(disagreements(self.channel.posts, self.text)) == []
        assert self._is_checked_to_its_end(self.channel.posts), (
            "The second part of a thread is not checked."
        )

    def _is_checked_to_its_end(self, part: Posts) -> bool:
        """Tell whether a thread is refused whose second part alone is too long."""
        measure = part.measure(WORDS[0])
        longer = _text(part, WORDS[0], measure.limit + 1)
        if part.measure(longer).length <= measure.limit:
            return True  # This network counts in other steps.
        thread = Content(parts=(Part(text=self.text), Part(text=longer)))
        return Level.ERROR in [item.level for item in part.check(thread)]

    @about("directs")
    def test_direct_messages_are_checked_as_they_are_measured(self) -> None:
        assert self.channel.directs is not None
        assert list(disagreements(self.channel.directs, self.text)) == []

    @about("texts")
    def test_the_pieces_of_a_text_are_the_text_again(self) -> None:
        assert self.channel.texts is not None
        for text in (self.text, *WORDS, "".join(WORDS)):
            pieces = self.channel.texts.pieces(text)
            assert "".join(piece.text for piece in pieces) == normalize("NFC", text)
            assert {piece.kind for piece in pieces} <= KINDS
            assert all(bool(piece.address) == (piece.kind == "link") for piece in pieces)


def disagreements(part: Posts | Directs, text: str) -> Iterator[str]:
    """Yield what is wrong with how a part measures and checks texts."""
    empty = [item.level for item in part.check(content(""))]
    if Level.ERROR not in empty:
        yield "An empty text is no error."
    if Level.ERROR in [item.level for item in part.check(content(text))]:
        yield "The suite's own text is refused; give another `text`."
    for word in WORDS:
        for length in (part.measure(word).limit, part.measure(word).limit + 1):
            yield from _at(part, _text(part, word, length))


def _text(part: Posts | Directs, word: str, length: int) -> str:
    """Return a text of `length` by the network's own rule, or as near below as words allow."""
    each = max(part.measure(word * 10).length // 10, 1)
    text = word * max((length - 1) // each - 1, 0)
    while part.measure(f"{text}a").length <= length:
        text += "a"
    return text


def _at(part: Posts | Directs, text: str) -> Iterator[str]:
    measure, found = part.measure(text), list(part.check(content(text)))
    if not all(isinstance(item, Finding) for item in found):
        yield f"{found} are no findings."
    if not isinstance(measure, Measure) or measure.limit < 1:
        yield f"{measure} is no measure."
    too_long = Level.ERROR in [item.level for item in found]
    if too_long != (measure.length > measure.limit):
        said = "refused" if too_long else "accepted"
        yield f"A text of {measure.length} of {measure.limit} is {said}: {text[:20]!r}..."


def content(text: str) -> Content:
    """Return a content of one part."""
    return Content(parts=(Part(text=text),))
