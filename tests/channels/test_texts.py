"""A plain text is checked by the measure of the channel it belongs to."""

from hypothesis import given
from hypothesis import strategies as st

from channels import Content, Level, Measure, Part
from channels.texts import PlainText


class Plain(PlainText):
    limit = 10


class InBytes(PlainText):
    """A network that counts bytes, as mail and short messages do."""

    limit = 10

    def measure(self, text: str) -> Measure:
        return Measure(length=len(text.encode()), limit=self.limit)


class Changing(PlainText):
    """A network whose limit depends on the text, with no limit of its own."""

    def measure(self, text: str) -> Measure:
        return Measure(length=len(text), limit=5 if text.isascii() else 3)


@given(text=st.text(min_size=1).filter(str.strip))
def test_a_text_is_too_long_exactly_where_its_own_measure_says_so(text: str):
    for part in (Plain(), InBytes(), Changing()):
        measure = part.measure(text)
        found = [item.code for item in part.check(Content(parts=(Part(text=text),)))]

        assert found == (["too_long"] if measure.length > measure.limit else [])


def test_what_is_over_is_told_in_the_units_of_the_network():
    content = Content(parts=(Part(text="éééééé"), Part(text=" ")))

    found = list(InBytes().check(content))

    assert [(item.code, item.level) for item in found] == [
        ("too_long", Level.ERROR),
        ("empty", Level.ERROR),
    ]
    assert found[0].message == "The text is 2 too long as this network counts."
