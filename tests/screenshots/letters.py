"""What the brand wrote this month, and what it is about to send."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.screenshots.stage import Stage
from tests.support.pictures import photo
from webapp.audience.models import Visitor
from webapp.deliveries import analysis, control, illustrating, proofs
from webapp.deliveries.approval import confirm
from webapp.deliveries.drafts import editing
from webapp.deliveries.illustrating import Brought
from webapp.deliveries.models import (
    Arm,
    Delivery,
    DeliveryKind,
    Experiment,
    Message,
    MessageState,
    Metric,
    StopRule,
)
from webapp.experiments import planning
from webapp.services.models import Service

POST, DIRECT = DeliveryKind.POST, DeliveryKind.DIRECT
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOON = MORNING + timedelta(hours=6, minutes=35)
# The network's own pace for direct messages.
WINDOW, IN_A_WINDOW = timedelta(minutes=15), 15
SHOP = "https://ateliernord.example.com"

WINTER = (
    "Hi {first_name|there},\n\nour winter room opens on Saturday, and you are among the first to "
    f"know. Come between ten and six; the kettle is on.\n\n{SHOP}/winter\n\n{{opt_out_line}}"
)
SPRING = (
    "Hi {first_name|there},\n\nthe spring list is not printed yet, but you may see it already: "
    f"twelve pieces, four of them new.\n\n{SHOP}/spring\n\n{{opt_out_line}}"
)
REMINDER = (
    "Hi {first_name|there},\n\na short reminder: the studio visit is on Thursday at 17:00. Ring at "
    "the green door.\n\n{opt_out_line}"
)
TRIED = Experiment(
    weight=45,
    arms=(
        Arm(
            text="Hi {first_name|there},\n\nwe keep a chair and a coffee for you on Thursday at "
            "17:00. Will you come?\n\n{opt_out_line}",
            weight=45,
        ),
    ),
    held_out=10,
    metric=Metric.WROTE,
    within_hours=48,
    expected=1_000,
    people=1_200,
    matters=10,
    stop=StopRule.END,
)
PLACES = (
    "Hi {first_name|there},\n\nfour places are left in the December workshop, and people who wrote "
    f"to us choose first.\n\n{SHOP}/workshop\n\n{{opt_out_line}}"
)
POSTS = (
    (
        "Black Friday",
        "We stay closed on Black Friday. Come on Saturday, have a coffee, touch the wood.",
    ),
    ("Oil or soap", f"Oil or soap? Two finishes, one table, five winters later. {SHOP}/finishes"),
)


def write(stage: Stage, brand: Service) -> None:
    """Write, prove, send; stop in the middle of an afternoon."""
    _past(stage, brand)
    stage.at(MORNING)
    visit = _draft(stage, brand, DIRECT, "Studio visit reminder", REMINDER)
    reminder = _confirmed(stage, planning.plan(stage.runtime, visit.id, TRIED))
    control.pause(stage.act_as("Claire Morel"), reminder.id)
    _later(stage, brand)
    # About half of them are out by now.
    stage.at(NOON - WINDOW * (reminder.analysis["eligible"] // (2 * IN_A_WINDOW)))
    winter = _confirmed(stage, _draft(stage, brand, DIRECT, "Winter opening invitation", WINTER))
    _send(stage, winter)


def _past(stage: Stage, brand: Service) -> None:
    for number, (label, text) in enumerate(POSTS):
        stage.at(MORNING - timedelta(days=3 - number, hours=-2))
        made = _confirmed(stage, _draft(stage, brand, POST, label, text))
        stage.send(made, until=MORNING)


def _send(stage: Stage, winter: Delivery) -> None:
    """Send for some hours; two people are gone, and one answer never comes."""
    stage.send(winter, until=NOON)
    next_ones = (
        select(Visitor.remote_id)
        .join(Message, Message.visitor_id == Visitor.id)
        .where(Message.delivery_id == winter.id, Message.state == MessageState.PENDING)
        .order_by(Message.id)
    )
    for gone in stage.runtime.session.scalars(next_ones.limit(2)).all():
        stage.sandbox.tell("suspend", who=gone)
    stage.runtime.session.commit()
    stage.at(NOON + WINDOW)
    stage.sandbox.tell("faults", kind="drop_after", operation="direct", skip=4)
    stage.send(winter, until=NOON + WINDOW)


def _later(stage: Stage, brand: Service) -> None:
    known = [{"field": "friends", "op": "more", "value": "50"}]
    spring = _draft(stage, brand, DIRECT, "Spring list preview", SPRING, filters=known)
    jonas = stage.act_as("Jonas Berg")
    for _number in range(2):
        proof = proofs.send_proof(jonas, spring.id)
        stage.send(proof, until=NOON)
    birch = (
        "How the birch chair is made, in four steps and one mistake. A thread for the afternoon."
    )
    at = MORNING + timedelta(hours=9)
    _confirmed(
        stage, _draft(stage, brand, POST, "How the birch chair is made", birch, scheduled_at=at)
    )
    places = {"scheduled_at": MORNING + timedelta(days=2), "wave_size": 250}
    _ready(stage, _draft(stage, brand, DIRECT, "Workshop places, December", PLACES, **places))
    doors = _draft(
        stage, brand, POST, "Doors open tonight", "Doors open tonight at seven. Bring a friend."
    )
    _illustrate(stage, doors)


def _illustrate(stage: Stage, post: Delivery) -> None:
    """Let a post show two pictures, of which one has no words yet."""
    first, second = (photo(size=size) for size in ((1_200, 900), (900, 1_200)))
    for name, data in (("door.jpg", first), ("kettle.jpg", second)):
        illustrating.bring(stage.runtime, post.id, 0, Brought(data=data, name=name))
    row = min(editing.get(stage.runtime, post.id).alts)
    words = {row: "The green door of the studio, half open, light behind it"}
    editing.edit(stage.runtime, post.id, editing.DeliveryChanges(alts=words))


def _draft(
    stage: Stage, brand: Service, kind: DeliveryKind, label: str, text: str, **more: Any
) -> Delivery:
    new = editing.NewDelivery(kind=kind, channel=brand.kind, label=label, service_ids=[brand.id])
    made = editing.create(stage.runtime, new)
    return editing.edit(stage.runtime, made.id, editing.DeliveryChanges(content=text, **more))


def _ready(stage: Stage, made: Delivery) -> Delivery:
    """Prove and analyse it."""
    proof = proofs.send_proof(stage.act_as("Jonas Berg"), made.id)
    stage.send(proof, until=stage.clock.now() + timedelta(hours=1))
    proofs.approve(stage.runtime, proof.id)
    analysis.start(stage.runtime, made.id)
    return analysis.analyse(stage.runtime, made.id)


def _confirmed(stage: Stage, made: Delivery) -> Delivery:
    ready = _ready(stage, made)
    codes = [item["code"] for item in analysis.warnings(ready)]
    return confirm.confirm(stage.runtime, made.id, codes)
