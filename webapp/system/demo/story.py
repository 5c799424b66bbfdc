"""The story of the demo: connect, synchronise, prove, publish, write to everybody eligible."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from sqlalchemy import func, select

from webapp.audience import consent
from webapp.audience.models import Subscription
from webapp.audience.sync import SYNCHRONISE
from webapp.deliveries import analysis, proofs
from webapp.deliveries.approval import confirm
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState
from webapp.deliveries.queries.progress import progress
from webapp.kernel.config.settings import Settings
from webapp.kernel.errors import FanfareError
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords
from webapp.operators.models import Role
from webapp.services.connection import doctor, sandbox
from webapp.services.models import Service
from webapp.system.demo.stage import MAIL, Stage, stage
from webapp.workflows import control
from webapp.workflows.models import RunState, Workflow

POST = "The workshop is open on Saturday, ten to six. Coffee is on us."
DIRECT = (
    "Hi {first_name|there},\n\nthe winter list is ready, and you asked us to tell you."
    "\n\n{opt_out_line}"
)
MOST_WINDOWS = 400


class Story:
    """Tells what happens, one line a step, and keeps the figures for the end."""

    def __init__(self, on: Stage, *, quiet: bool) -> None:
        """Play on a stage; a quiet story prints nothing before its end."""
        self.stage = on
        self.quiet = quiet
        self.began = time.monotonic()
        self.followers: dict[str, int] = {}
        self.deliveries: list[dict[str, Any]] = []

    @contextmanager
    def step(self, what: str) -> Iterator[list[str]]:
        """Print a step before it is taken, and then what came of it and how long it took."""
        began = time.monotonic()
        words: list[str] = []
        self._print(f"{what} ... ", nl=False)
        yield words
        self._print(f"{', '.join(words)} ({time.monotonic() - began:.1f} s)")

    def _print(self, text: str, *, nl: bool = True) -> None:
        if not self.quiet:
            click.echo(text, nl=nl)

    def play(self, followers: int) -> dict[str, Any]:
        """Do everything and return the figures."""
        self._begin()
        with self.step("Connecting and checking the accounts") as words:
            brand, test = self._connect(followers)
            words.extend([brand.shown_name, f"{test.shown_name} for proofs"])
        with self.step("Synchronising the audience") as words:
            words.append(str(self._synchronise(brand)))
        self._deliver(DeliveryKind.POST, brand, "Open on Saturday", POST)
        self._deliver(DeliveryKind.DIRECT, brand, "Winter list", DIRECT)
        return self._verdict()

    def _begin(self) -> None:
        """Make the operator and say where to look on from the first moment."""
        team.create(
            self.stage.runtime,
            name="Inès Laurent",
            email=MAIL,
            role=Role.ADMIN,
            password_hash=passwords.hashed(self.stage.password),
        )
        self._print(
            f"Fanfare is up at {self.stage.instance.url}: "
            f"{MAIL} may look on with the password {self.stage.password}"
        )

    def _connect(self, followers: int) -> list[Service]:
        runtime = self.stage.runtime
        if followers != 5000:  # noqa: PLR2004 - what the sandbox begins with
            self.stage.ask("audience", {"account": "ateliernord", "followers": followers})
        channel = next(item for item in runtime.registry if item.sandbox)
        connected = sandbox.connect_sandbox(runtime, channel.kind)
        for service in connected:
            faults = [item for item in doctor.diagnose(runtime, service.id) if item.fix]
            if faults:
                raise FanfareError(doctor.sentence(faults[0]))
        return sorted(connected, key=lambda item: item.is_test)

    def _synchronise(self, brand: Service) -> int:
        runtime = self.stage.runtime
        job = runtime.session.scalars(
            select(Workflow).where(Workflow.job == SYNCHRONISE, Workflow.kind == brand.kind)
        ).one()
        run = control.run_now(runtime, job.id)
        self.stage.wait(
            lambda: run.state in (RunState.DONE, RunState.FAILED), "the synchronisation"
        )
        if run.state is RunState.FAILED:
            raise FanfareError(run.reason)
        known = self.stage.look(lambda: self._followers(brand))
        theirs = self.stage.ask("stats")["followers"][brand.internal_name]
        self.followers = {"fanfare": known, brand.kind: theirs}
        return known

    def _followers(self, brand: Service) -> int:
        """Count who follows an account as its network does: the house's own accounts too."""
        rows = select(func.count(Subscription.id)).where(
            Subscription.service_id == brand.id, consent.follows()
        )
        return self.stage.runtime.session.scalar(rows) or 0

    def _deliver(self, kind: DeliveryKind, brand: Service, label: str, text: str) -> None:
        runtime = self.stage.runtime
        new = editing.NewDelivery(
            kind=kind, channel=brand.kind, label=label, service_ids=[brand.id]
        )
        made = editing.create(runtime, new)
        editing.edit(runtime, made.id, editing.DeliveryChanges(content=text))
        with (
            self.step(f"Proving “{label}” on the test account") as words,
            self._counted(brand.kind) as counted,
        ):
            counted.append(self._prove(made))
            words.append(counted[0].title)
        with self.step(f"Analysing “{label}”") as words:
            analysis.start(runtime, made.id)
            self.stage.wait(lambda: made.state is not DeliveryState.ANALYSING, "the analysis")
            words.append(f"{made.analysis['eligible']} of {made.analysis['matched']} get it")
        with self.step(f"Sending “{label}”") as words, self._counted(brand.kind) as counted:
            counted.append(made)
            codes = [item["code"] for item in analysis.warnings(made)]
            confirm.confirm(runtime, made.id, codes)
            self._finish(made)
            words.extend(self._counts(made))

    @contextmanager
    def _counted(self, network: str) -> Iterator[list[Delivery]]:
        """Keep what both records say of the delivery that is put into the list and ends meanwhile.

        The sandbox knows no deliveries: whatever it accepted meanwhile is taken for this one's.
        """
        before = self._accepted()
        sent: list[Delivery] = []
        yield sent
        counts = self._figures(sent[0])
        self.deliveries.append(
            {
                "label": sent[0].title,
                "kind": sent[0].kind.name,
                "proof": sent[0].is_proof,
                "sent": {"fanfare": counts["sent"], network: self._accepted() - before},
                "messages": counts,
            }
        )

    def _accepted(self) -> int:
        stats = self.stage.ask("stats")
        return int(stats["accepted_posts"] + stats["accepted_directs"])

    def _prove(self, made: Delivery) -> Delivery:
        proof = proofs.send_proof(self.stage.runtime, made.id)
        self._finish(proof)
        return proofs.approve(self.stage.runtime, proof.id)

    def _finish(self, made: Delivery) -> None:
        """Wait for the end, and move the clock whenever the delivery waits for a limit."""
        for _window in range(MOST_WINDOWS):
            self.stage.wait(lambda: _rests(self.stage, made), f"“{made.label}”")
            if made.state is DeliveryState.FINISHED:
                return
            if made.state not in (DeliveryState.SENDING, DeliveryState.RETRYING):
                raise FanfareError(f"“{made.label}” is {made.state.value}: {made.wait_reason}")
            self.stage.move_to(made.resume_at)
        raise FanfareError(f"“{made.label}” did not end.")

    def _counts(self, made: Delivery) -> list[str]:
        return [f"{number} {state}" for state, number in self._figures(made).items() if number]

    def _figures(self, made: Delivery) -> dict[str, int]:
        return self.stage.look(lambda: progress(self.stage.runtime, made).counts)

    def _verdict(self) -> dict[str, Any]:
        """Compare both records: what Fanfare says was sent and what the sandbox accepted."""
        limited = self.stage.ask("stats")["limited"]
        return {
            "ok": limited == 0 and agree(self.followers, self.deliveries, self._accepted()),
            "seconds": round(time.monotonic() - self.began, 1),
            "followers": self.followers,
            "deliveries": self.deliveries,
            "limited": limited,
        }


def agree(followers: dict[str, int], deliveries: list[dict[str, Any]], accepted: int) -> bool:
    """Tell whether both records say the same, of each delivery and altogether, and all was sent."""
    open_or_failed = ("unknown", "pending", "failed")
    return (
        len(set(followers.values())) == 1
        and all(len(set(item["sent"].values())) == 1 for item in deliveries)
        and all(item["messages"]["sent"] > 0 for item in deliveries)
        and not any(item["messages"][state] for item in deliveries for state in open_or_failed)
        and sum(item["messages"]["sent"] for item in deliveries) == accepted
    )


def _rests(on: Stage, made: Delivery) -> bool:
    """Tell whether a delivery is over, held, or waits for a time to come."""
    if made.state not in (DeliveryState.SENDING, DeliveryState.RETRYING):
        return True
    waits = made.resume_at is not None and made.resume_at > on.clock.now()
    return waits and made.leased_until is None


def tell(
    make_app: Callable[[Settings], Flask], *, followers: int, once: bool, as_json: bool
) -> bool:
    """Play the story; tell whether all of it came true. Without `once` stay up afterwards."""

    def say(step: str) -> None:
        if not as_json:
            click.echo(f"The demo is {step}.")

    with stage(make_app, say) as on:
        story = Story(on, quiet=as_json)
        result = story.play(followers)
        # An open transaction would keep every other process from writing.
        on.runtime.session.commit()
        if as_json:
            click.echo(json.dumps(result))
        else:
            click.echo("Both records agree." if result["ok"] else f"Something is off: {result}")
        if not once:
            _stay(on, aside=as_json)
    return bool(result["ok"])


def _stay(on: Stage, *, aside: bool) -> None:
    look = f"Look around at {on.instance.url} as {MAIL} with the password {on.password}"
    click.echo(look, err=aside)
    click.echo(
        f"What the accounts said stands at {on.sandbox_url}/. Ctrl-C ends the demo.", err=aside
    )
    on.instance.watch()
