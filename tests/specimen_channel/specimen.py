"""A plugin with everything the contract knows: each hook, part, feature and template slot.

A test beside it fails when the contract learns something that is not here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
from flask import Blueprint

import channels
from channels import (
    Accepts,
    Channel,
    ChannelHost,
    ChannelWorkflow,
    DeliveryDraft,
    DeliveryEvent,
    Feature,
    Finding,
    Level,
    Option,
    StepResult,
    hookimpl,
    needs,
)
from channels.operations import Operation
from tests.specimen_channel import account, sending, telling

MEGABYTE = 2**20


@dataclass(frozen=True)
class Twin:
    """An account of the specimen's offline twin."""

    label: str = "Specimen on its twin"
    handle: str = "ateliernord"
    is_test: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


class Sandbox:
    def services(self, config: Mapping[str, str]) -> Sequence[Twin]:
        return (Twin(settings={"address": config["sandbox_url"]}),) if config else ()

    def command(self, port: int, clock: str) -> Sequence[str]:
        return ("python", "-m", "specimen_twin", str(port), clock)


class Pages:
    def blueprint(self, host: ChannelHost) -> Blueprint:
        made = Blueprint(
            "channel_specimen", __name__, template_folder=str(Path(__file__).parent / "templates")
        )

        @made.get("/about/<int:service_id>")
        @needs("view")
        def about(service_id: int) -> str:
            return host.context(service_id).handle

        return made


class Specimen(Channel):
    kind, label, icon, handle_prefix, contract = "specimen", "Specimen", "plug", "~", 2
    currency = "EUR"
    image_hosts = ("*.specimen.example",)
    options = (Option(name="sandbox_url", default="", help="Where the offline twin answers."),)
    post_accepts = Accepts(
        features={Feature.THREAD, Feature.REPLY, Feature.MEDIA, Feature.LINKS},
        honours_key=True,
        most_parts=25,
        most_media=4,
        most_bytes=5 * MEGABYTE,
        mimes={"image/*", "video/mp4"},
    )
    direct_accepts = Accepts(
        features={Feature.SUBJECT, Feature.HTML, Feature.LINKS, Feature.UNSUBSCRIBE},
        longest_subject=120,
    )
    connection = account.Account()
    audience = account.People()
    inbox = account.Letters()
    sessions = account.Sessions()
    moving = account.Moving()
    limits = account.Limits()
    posts = sending.Posts()
    directs = sending.Directs()
    texts = sending.Texts()
    reconciliation = sending.Reconciliation()
    media = sending.Uploads()
    editing = sending.Editing()
    events = telling.Events()
    metrics = telling.Metrics()
    sign_in = telling.SignIn()
    sharing = telling.Sharing()
    sandbox = Sandbox()
    pages = Pages()

    def operations(self) -> Sequence[Operation]:
        return [*super().operations(), account.WRITES]


def count_readers(context: channels.ChannelContext, _cursor: str | None) -> StepResult:
    account.Account().connect(context)
    return StepResult(done=1, note="The account was looked at.")


@click.command("specimen-greet")
def greet() -> None:
    """Say hello. Example: fanfare specimen-greet."""
    click.echo("Hello from the specimen.")


class SpecimenPlugin:
    """The plugin; it remembers which deliveries it heard of."""

    def __init__(self) -> None:
        self.heard: list[DeliveryEvent] = []

    @hookimpl
    def register_channels(self) -> Sequence[Channel]:
        return [Specimen()]

    @hookimpl
    def check_delivery(self, draft: DeliveryDraft) -> Sequence[Finding]:
        shouts = draft.channel == Specimen.kind and draft.content.text.isupper()
        message = "The text is written in capitals."
        return [Finding(code="loud", level=Level.WARNING, message=message)] if shouts else []

    @hookimpl
    def register_workflows(self) -> Sequence[ChannelWorkflow]:
        return [
            ChannelWorkflow(
                job="look",
                kind=Specimen.kind,
                name="Look at the account",
                schedule="0 5 * * *",
                step=count_readers,
            )
        ]

    @hookimpl
    def register_commands(self) -> Sequence[click.Command]:
        return [greet]

    @hookimpl
    def on_delivery_event(self, event: DeliveryEvent) -> None:
        self.heard.append(event)


plugin = SpecimenPlugin()
