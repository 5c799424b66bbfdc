"""Rules about figures: they are of the posts that were asked about, and unknown is no zero."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from channels.errors import ChannelError
from channels.metrics import PostFigures
from channels.testing.calls import POSTS_ASKED
from channels.testing.rules import Rules, about
from channels.testing.rules_writes import halves
from channels.testing.watch import Watch
from channels.testing.wire import Answer


class MetricRules(Rules):
    """A figure is what the network counts, or it is not there."""

    @about("metrics")
    def test_figures_are_of_the_posts_that_were_asked_about(self, watch: Watch) -> None:
        part, found = self.channel.metrics, self.read(watch, "metrics")
        assert part is not None
        words = part.figures()

        assert part.at_once() > 0, "at_once says how many posts one request may ask about."
        assert found, "Script the figures of at least one post."
        assert {item.remote_id for item in found} <= set(POSTS_ASKED), (
            f"Script the posts {' and '.join(POSTS_ASKED)}, and tell no others."
        )
        for item in found:
            assert isinstance(item, PostFigures), f"metrics returned {item!r}."
            assert set(item.figures) <= set(words), "figures() names every figure it may tell."
            assert all(value >= 0 for value in item.figures.values()), "A figure is no negative."
        assert all(words.values()), "Every figure has a word that people read."

    @about("metrics")
    def test_one_request_asks_about_several_posts(self, watch: Watch) -> None:
        self.read(watch, "metrics")

        assert len(watch.wire.exchanges) == 1, "metrics makes one request, no more."

    @about("metrics")
    def test_a_figure_that_is_not_told_is_absent(self, watch: Watch) -> None:
        whole = _told(self.read(watch, "metrics"))
        for script in _halved(self.script_of("metrics")):
            watch.wire.restart(script)
            result = self.make(watch, self.call_of("metrics"))
            if isinstance(result, ChannelError):
                continue
            made_up = {key: value for key, value in _told(result).items() if whole[key] != value}
            assert made_up == {}, f"These figures are made up: {made_up}. Leave out the unknown."


def _told(found: Sequence[PostFigures]) -> dict[tuple[str, str], int]:
    return {(item.remote_id, name): value for item in found for name, value in item.figures.items()}


def _halved(script: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for number, answer in enumerate(script):
        for half in _each(answer.json) if isinstance(answer, Answer) else ():
            yield [*script[:number], replace(answer, json=half), *script[number + 1 :]]


def _each(whole: Any) -> Iterator[Any]:
    """Yield an answer with one member missing, inside lists too."""
    if isinstance(whole, list):
        for number, item in enumerate(whole):
            yield from ([*whole[:number], half, *whole[number + 1 :]] for half in _each(item))
    elif isinstance(whole, dict):
        yield from halves(whole)
        for name, item in whole.items():
            if isinstance(item, list):
                yield from ({**whole, name: half} for half in _each(item))
