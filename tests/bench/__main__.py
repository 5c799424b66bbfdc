"""Measures Fanfare beside a bare loop: `./run bench [--quick] [--json]`.

`./run bench --kills` holds the trial by `kill -9` instead: 3,000 messages and 300 kills on each
database, while the network answers in every way it may, and says where the two records differ.

Both do the same against the same sandbox, in a process of their own for each case, by turns, and
what is told is the ratio of their rates: the machine's own speed falls out of it. The bare loop
reads with requests and writes with executemany into a table equal to Fanfare's `visitor`; it
keeps no subscriptions, counts no limits and cannot resume. *waiting* is the share of the time in
which the sandbox made an answer; Fanfare writes a page meanwhile. A CSV of everybody stands beside
a cursor and `csv.writer`, an analysis beside one INSERT of the messages that it is about. *held* is
the longest that confirming a delivery to everybody keeps others from writing to SQLite.

`./run bench --sign-ins` kills processes that renew and trade the tokens of one account in their
steps, until a thousand were killed, while the network drops answers: no account is lost, and no
token is sent twice.

`./run bench --pages` fills two instances on each database instead, one with few people and one with
many, and asks both for the same pages by turns. `./run bench --redirects` follows a short link
beside an empty view, and kills the server with its clicks on the way. `./run bench --pictures`
takes pictures beside a bare loop of Pillow.

The commit of `--against` takes its turns as well, built into a temporary folder with the packages
it locks, where the history at hand knows it.
"""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from tests.bench import (
    another,
    cases,
    idle,
    kills,
    pictures,
    redirects,
    sign_ins,
    table,
    verdict,
)
from tests.bench.another import Checkout
from tests.bench.pages import trial as pages
from tests.bench.stage import stage
from tests.processes.trial import Size


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured: followers and how often, messages, messages pending, people listed."""

    sizes: dict[int, int]
    messages: int
    rounds: int
    pending: tuple[int, int]
    people: int


MILLION = 1_000_000
FULL = Plan(
    sizes={10_000: 5, MILLION: 1},
    messages=300,
    rounds=3,
    pending=(10_000, MILLION),
    people=MILLION,
)
QUICK = Plan(sizes={10_000: 3}, messages=150, rounds=1, pending=(1_000, 10_000), people=10_000)


MESSAGES, KILLS, SIGN_INS = 3_000, 300, 1_000
TIMES = 40
FOLLOWED = 5_000
PICTURES = 1_000


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; return 1 when a promise is broken."""
    told = _parser().parse_args(arguments)
    trials = {
        "kills": _killed,
        "sign_ins": _survived,
        "pages": _asked,
        "redirects": _followed,
        "pictures": _taken,
    }
    for name, trial in trials.items():
        if getattr(told, name) is not None:
            return trial(told)
    return _compared(told)


def _ended(faults: list[str]) -> int:
    """Say which promises are broken; return the exit code."""
    for sentence in faults:
        print(sentence, file=sys.stderr)
    return 1 if faults else 0


def _compared(told: argparse.Namespace) -> int:
    """Do every task beside the bare loop; return 1 when a promise is broken."""
    with another.built(told.against) as before:
        found = []
        for item in () if told.idle else _measured(_plan(told), told.databases, before):
            found.append(item)
            if not told.json:
                print(table.line(item), flush=True)
        # The stage is struck: nothing of the bench's own runs beside what is measured.
        rest = idle.compared(before)
    if told.json:
        print(json.dumps(_report(found, rest)))
    else:
        print(table.memory(found, rest))
    faults = [*verdict.broken(found), *verdict.heavy(rest)]
    return _ended(faults)


def _killed(told: argparse.Namespace) -> int:
    """Hold the trial by `kill -9`; return 1 when a message came twice, was lost or was misread."""
    size = Size(messages=told.messages or MESSAGES, kills=told.kills)
    wrong = []
    for kind, found in kills.trials(size, told.databases, seed=told.seed):
        wrong += [f"{kind}: {sentence}" for sentence in found.wrong]
        shown = json.dumps({"database": kind, **found.as_dict()})
        print(shown if told.json else kills.line(kind, found), flush=True)
    return _ended(wrong)


def _survived(told: argparse.Namespace) -> int:
    """Kill processes that renew sign-ins; return 1 when an account is lost or a token repeated."""
    wrong = []
    for kind in told.databases:
        found = sign_ins.trial(kind, told.sign_ins, told.seed)
        wrong += [f"{kind}: {sentence}" for sentence in found.wrong]
        shown = json.dumps({"database": kind, **found.as_dict()})
        print(shown if told.json else sign_ins.line(kind, found), flush=True)
    return _ended(wrong)


def _asked(told: argparse.Namespace) -> int:
    """Ask pages of few and of many people; return 1 when one takes too long with many."""
    sizes = pages.sizes(told.people, told.log)
    found = []
    for item in pages.trials(told.databases, sizes, told.pages):
        found.append(item)
        print(json.dumps(item.as_dict()) if told.json else pages.line(item), flush=True)
    faults = list(verdict.growing(found, sizes[0].people))
    return _ended(faults)


def _followed(told: argparse.Namespace) -> int:
    """Follow a short link; return 1 when a click is lost, or an answer takes too long."""
    found = redirects.trial(told.redirects)
    print(json.dumps(found.as_dict()) if told.json else redirects.line(found), flush=True)
    faults = list(verdict.led_on(found))
    return _ended(faults)


def _taken(told: argparse.Namespace) -> int:
    """Take pictures beside a bare loop; return 1 when that takes too long."""
    found = pictures.trial(told.pictures)
    print(json.dumps(found.as_dict()) if told.json else pictures.line(found), flush=True)
    faults = list(verdict.taken_in(found))
    return _ended(faults)


def _measured(plan: Plan, databases: list[str], before: Checkout | None) -> Iterator[cases.Case]:
    with stage(databases, before) as here:
        for size, rounds in plan.sizes.items():
            yield from cases.syncs(here, size, rounds=rounds)
        yield from cases.sends(here, plan.messages, rounds=plan.rounds)
        yield from cases.crowds(here, plan.messages, rounds=plan.rounds)
        yield from cases.claims(here, *plan.pending)
        yield from cases.lists(here, plan.people, rounds=plan.rounds)


def _report(found: list[cases.Case], rest: list[idle.Idle]) -> dict[str, object]:
    compared = [item for item in found if isinstance(item, cases.Compared)]
    return {
        "compared": [item.as_dict() for item in compared],
        "claims": [asdict(item) for item in found if isinstance(item, cases.Claims)],
        "held": [asdict(item) for item in found if isinstance(item, cases.Held)],
        "memory": table.growth(compared),
        "idle": {"of": [asdict(item) for item in rest], "ratio": idle.ratio(rest)},
    }


def _plan(told: argparse.Namespace) -> Plan:
    base = QUICK if told.quick else FULL
    if not told.followers:
        return base
    return Plan(
        sizes=dict.fromkeys(told.followers, told.rounds or 1),
        messages=told.messages or base.messages,
        rounds=told.rounds or 1,
        pending=tuple(told.pending or base.pending),
        people=told.listed or base.people,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run bench",
        description="Measures Fanfare as ratios to a bare loop that runs beside it.",
    )
    parser.add_argument("--quick", action="store_true", help="10,000 followers alone")
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    parser.add_argument("--followers", type=int, nargs="+", help="other sizes of the audience")
    parser.add_argument("--messages", type=int, help="messages to send")
    parser.add_argument("--pending", type=int, nargs=2, help="few and many messages pending")
    parser.add_argument("--listed", type=int, help="people in the CSV and the analysis")
    parser.add_argument(
        "--kills", type=int, nargs="?", const=KILLS, help="the trial by kill -9 (%(const)s kills)"
    )
    parser.add_argument(
        "--sign-ins", type=int, nargs="?", const=SIGN_INS, help="%(const)s kills of sign-ins"
    )
    parser.add_argument(
        "--pages", type=int, nargs="?", const=TIMES, help="pages, each asked %(const)s times"
    )
    parser.add_argument(
        "--redirects", type=int, nargs="?", const=FOLLOWED, help="a link, %(const)s times a round"
    )
    parser.add_argument(
        "--pictures", type=int, nargs="?", const=PICTURES, help="%(const)s pictures of 3 megapixels"
    )
    parser.add_argument("--people", type=int, nargs=2, help="few and many people of these pages")
    parser.add_argument("--log", type=int, help="messages in the long log of these pages")
    parser.add_argument(
        "--databases", nargs="+", choices=cases.KINDS, default=cases.KINDS, help="not on both"
    )
    parser.add_argument("--seed", type=int, default=0, help="the chance of an earlier trial")
    parser.add_argument("--idle", action="store_true", help="the memory of idle processes alone")
    parser.add_argument(
        "--against", metavar="REF", default=another.BEFORE, help="beside which commit (%(default)s)"
    )
    parser.add_argument("--rounds", type=int, help="how often each case runs")
    return parser


if __name__ == "__main__":
    # What is asked to end removes its folder like what Ctrl-C ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
