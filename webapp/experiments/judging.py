"""Judges an experiment by its rows: at this moment, and at the end of each day before."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from webapp.deliveries import variants
from webapp.deliveries.models import OVER, Delivery, Message, Metric, StopRule
from webapp.deliveries.models.experiment import WHOLE
from webapp.experiments import ledger, outcomes, verdict
from webapp.experiments.arms import NOBODY, Arm, of
from webapp.experiments.ledger import Doer
from webapp.experiments.statistics.evidence import ALARM
from webapp.experiments.statistics.shares import imbalance, wilson
from webapp.experiments.verdict import Bet, Found, Verdict
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

DAY = timedelta(days=1)
# An experiment lasts as long as its delivery and the time of its last reader.
MOST_LOOKS = 400
# Arms that come out so uneven once in a thousand times were not shared out as planned.
ODD = 0.001
PARTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a question: its arms, its people whose time is over, who of them did it."""

    arms: Sequence[Arm]
    people: int
    did: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Which part of them did it; nothing is known of nobody."""
        return self.did / self.people if self.people else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found at one moment."""

    at: datetime
    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said of two sides; `looks` holds the end of each day, and the last one decides."""

    metric: Metric
    first: Side
    second: Side
    found: Found
    looks: Sequence[Look]

    # Found on a day before this one, after which the plan says that nothing changes it.
    is_early: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """All that is said of an experiment. `balance` is how likely its arms come out as uneven.

    Of `left` people it is only kept what they did, since their clicks or words left. `kept_at` is
    when all of it was found, where the messages left since.
    """

    answers: Sequence[Answer]
    people: Mapping[str, int]
    waiting: int
    failed: Mapping[str, int]
    stopped: Mapping[str, int]
    balance: float
    is_sealed: bool
    is_over: bool
    is_gone: bool
    left: int
    kept_at: datetime | None = None

    @property
    def is_sound(self) -> bool:
        """Whether its figures say anything at all."""
        return self.is_sealed and self.balance >= ODD


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    metric: Metric
    first: Sequence[Arm]
    second: Sequence[Arm]

    @property
    def is_of_tried(self) -> bool:
        """Whether those count, too, whose message did not arrive.

        Among those held out are people who cannot be reached, and nobody knows which.
        """
        return any(arm.letter == NOBODY for arm in self.first)


@requires(Permission.VIEW)
def judge(runtime: Runtime, delivery: Delivery) -> Judged:
    """Judge an experiment as it stands."""
    bench = _Bench(runtime, delivery)
    arms, sizes = of(delivery), bench.sizes
    everybody = {arm.letter: bench.size(arm) for arm in arms}
    troubles = ledger.troubles(runtime, delivery)
    return Judged(
        answers=[bench.answer(question) for question in _questions(delivery, arms)],
        people=everybody,
        waiting=sum(size.waiting(held=arm == ledger.HELD_OUT) for arm, size in sizes.items()),
        failed={arm.letter: troubles.get((_key(arm), "failed"), 0) for arm in arms},
        stopped={arm.letter: troubles.get((_key(arm), "stopped"), 0) for arm in arms},
        balance=_balance(bench, arms),
        is_sealed=variants.seal(delivery) == delivery.content_hash,
        is_over=bench.is_over,
        left=outcomes.number(runtime, delivery),
        is_gone=bench.is_over and not sizes and not _has_messages(runtime, delivery),
    )


def _has_messages(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell messages that left with the clean-up from those of which none went out."""
    found = exists().where(Message.delivery_id == delivery.id)
    return bool(runtime.session.scalar(select(found)))


def _questions(delivery: Delivery, arms: Sequence[Arm]) -> list[_Question]:
    """Return each text against the first, and whoever was written to against the held out."""
    texts = [arm for arm in arms if arm.letter != NOBODY]
    held = [arm for arm in arms if arm.letter == NOBODY]
    metric = delivery.plan.metric if delivery.plan else Metric.CLICKED
    found = [_Question(metric=metric, first=texts[:1], second=[arm]) for arm in texts[1:]]
    if held:
        # Who got nothing can follow no link, but can write.
        found.append(_Question(metric=Metric.WROTE, first=held, second=texts))
    return found


def _balance(bench: "_Bench", arms: Sequence[Arm]) -> float:
    """Return how likely sizes are as uneven: of those who had a turn, and of the arms of texts."""
    texts = [arm for arm in arms if arm.letter != NOBODY]
    tried = imbalance([bench.tried(arm) for arm in arms], [arm.share for arm in arms])
    return min(tried, imbalance([bench.size(arm) for arm in texts], [arm.share for arm in texts]))


def _key(arm: Arm) -> int:
    return arm.variant_id or ledger.HELD_OUT


def _share(arms: Sequence[Arm]) -> int:
    return sum(arm.share for arm in arms)


class _Bench:
    """What the questions of one experiment share."""

    def __init__(self, runtime: Runtime, delivery: Delivery) -> None:
        if delivery.plan is None:
            raise Conflict(_("This delivery is no experiment."))
        self._runtime, self._delivery, self._plan = runtime, delivery, delivery.plan
        self._within, self._now = timedelta(hours=delivery.plan.within_hours), runtime.now()
        self._doers: dict[Metric, list[Doer]] = {}
        self.sizes = self._sizes(self._now)
        last = max((size.last for size in self.sizes.values() if size.last), default=None)
        done = delivery.state in OVER and delivery.unwritten_after is None
        self.is_over = done and (last is None or last + self._within <= self._now)

    def size(self, arm: Arm) -> int:
        """Return how many people are in an arm."""
        size = self.sizes.get(_key(arm))
        return (size.tried if arm.letter == NOBODY else size.written) if size else 0

    def tried(self, arm: Arm) -> int:
        """Return how many people of an arm had their turn."""
        size = self.sizes.get(_key(arm))
        return size.tried if size else 0

    def answer(self, question: _Question) -> Answer:
        """Return what is found now, and at the end of each day before."""
        bet = self._bet(question)
        sides = [self._ripening(question, side) for side in (question.first, question.second)]
        looks: list[Look] = []
        for at in self._moments():
            did = (bisect_right(side, at) for side in sides)
            over = self.is_over and at == self._now
            looks.append(Look(at=at, found=verdict.found(bet, *did, is_over=over)))
            if self._plan.stop is StopRule.SHOWN and looks[-1].found.verdict is Verdict.SHOWN:
                break
        last = looks[-1]
        sizes = self.sizes if last.at == self._now else self._sizes(last.at)
        return Answer(
            metric=question.metric,
            first=_side(question, question.first, last.found.first, sizes),
            second=_side(question, question.second, last.found.second, sizes),
            found=last.found,
            looks=looks,
            is_early=last.at != self._now,
        )

    def _bet(self, question: _Question) -> Bet:
        first, second = _share(question.first), _share(question.second)
        hits = (first + second) / WHOLE * self._plan.people * self._plan.expected / PARTS
        number = len(_questions(self._delivery, of(self._delivery)))
        return Bet(
            fair=second / (first + second),
            expected=hits,
            matters=self._plan.matters / WHOLE,
            alarm=ALARM / number,
        )

    def _moments(self) -> list[datetime]:
        """Return the end of each day since the delivery began, and now."""
        began = self._delivery.started_at or self._now
        days = min(int((self._now - began) / DAY), MOST_LOOKS)
        ends = (began + DAY * (number + 1) for number in range(days))
        return [*(at for at in ends if at < self._now), self._now]

    def _ripening(self, question: _Question, arms: Sequence[Arm]) -> list[datetime]:
        """Return when the time of each was over who did it in time, in order."""
        keys, metric = {_key(arm) for arm in arms}, question.metric
        if metric not in self._doers:
            self._doers[metric] = list(ledger.doing(self._runtime, self._delivery, metric).values())
        return sorted(
            doer.turn + self._within
            for doer in self._doers[metric]
            if doer.arm in keys and (doer.written or question.is_of_tried)
            if doer.did <= doer.turn + self._within
        )

    def _sizes(self, at: datetime) -> dict[int, ledger.Size]:
        return ledger.sizes(self._runtime, self._delivery, at - self._within)


def _side(
    question: _Question, arms: Sequence[Arm], did: int, sizes: Mapping[int, ledger.Size]
) -> Side:
    own = [sizes[_key(arm)] for arm in arms if _key(arm) in sizes]
    tried = question.is_of_tried
    people = sum(size.tried_by_then if tried else size.written_by_then for size in own)
    low, high = wilson(min(did, people), people)
    return Side(arms=arms, people=people, did=did, low=low, high=high)
