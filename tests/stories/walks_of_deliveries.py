"""The forms about deliveries and templates, and those that search."""

from datetime import timedelta

from channels import ErrorKind
from tests.stories.submitting import Scene, walks
from tests.support.deliveries import begin, fault, ready, sent
from tests.support.factories import make_delivery, make_service, make_subscription
from webapp.deliveries import analysis, control, proofs, sending
from webapp.deliveries.drafts import editing, templates
from webapp.deliveries.models import Delivery, DeliveryKind, Message, MessageState


def draft(scene: Scene, **more: object) -> Delivery:
    make_subscription(scene.runtime, scene.service)
    make_service(scene.runtime, internal_name="atelier_proof", remote_id="2", is_test=True)
    return make_delivery(scene.runtime, scene.service, **more)


def compose(scene: Scene, step: str = "content", **more: object) -> None:
    scene.open(f"/deliveries/{draft(scene, **more).id}/compose?step={step}")


@walks("deliveries.create")
def create_a_message(scene: Scene) -> None:
    assert scene.service.id
    scene.open("/deliveries/new?kind=direct&channel=fake")
    scene.submit("main form.ff-fields", label="Spring")


@walks("deliveries.create")
def create_a_post(scene: Scene) -> None:
    chosen = str(scene.service.id)
    scene.open("/deliveries/new?kind=post&channel=fake")
    scene.submit("main form.ff-fields", label="Spring", accounts=chosen)


@walks("deliveries.begin_follow_up")
def begin_a_follow_up(scene: Scene) -> None:
    templates.ensure_built_in(scene.runtime)
    row = templates.built_in(scene.runtime, "fake", DeliveryKind.DIRECT)
    kept = str(row.id) if row else ""
    scene.open(f"/services/{scene.service.id}")
    scene.submit("#after-a-yes form", template=kept)


@walks("deliveries.save")
def save_a_text(scene: Scene) -> None:
    compose(scene)
    scene.page.get_by_label("Message", exact=True).fill("Spring is here.")


@walks("deliveries.save")
def save_a_time(scene: Scene) -> None:
    compose(scene, "schedule")
    scene.page.get_by_label("At", exact=True).check()


@walks("deliveries.save")
def save_options(scene: Scene) -> None:
    compose(scene, "options")
    scene.page.get_by_label("Valid for").fill("3")


@walks("deliveries.save")
def save_a_target(scene: Scene) -> None:
    compose(scene, "target")
    scene.page.get_by_label("All subscribers").check()


@walks("deliveries.save")
def save_a_proof(scene: Scene) -> None:
    compose(scene, "proof")
    scene.page.get_by_label("Proofs go to").select_option(index=1)


@walks("deliveries.change_conditions")
def add_a_condition(scene: Scene) -> None:
    compose(scene, "target")
    scene.page.locator("#filter summary").click()
    scene.page.locator("#filter .ff-menu-list a").first.click()
    value = scene.page.locator(".ff-filter-new [name=value]")
    if value.evaluate("field => field.localName") == "input":
        value.fill("3")
    scene.page.get_by_role("button", name="Add the condition").click()


@walks("deliveries.accept_everyone")
def accept_everyone(scene: Scene) -> None:
    compose(scene, "target", audience="everyone")
    scene.press("Take responsibility")


@walks("deliveries.send_proof")
def send_proof(scene: Scene) -> None:
    compose(scene)
    scene.page.get_by_role("button", name="Send proof").first.click()


@walks("deliveries.analyse")
def analyse(scene: Scene) -> None:
    compose(scene)
    scene.press("Analyse")


@walks("deliveries.cancel_analysis")
def cancel_analysis(scene: Scene) -> None:
    waits = draft(scene)
    analysis.start(scene.runtime, waits.id)
    scene.open(f"/deliveries/{waits.id}/confirm")
    scene.press("Cancel the analysis")


@walks("deliveries.confirm")
def confirm(scene: Scene) -> None:
    scene.open(f"/deliveries/{ready(scene.runtime, scene.service).id}/confirm")
    for box in scene.page.get_by_label("Accept the warning:").all():
        box.check()
    scene.page.wait_for_load_state("networkidle")
    scene.submit("form#send")


@walks("deliveries.duplicate")
def duplicate(scene: Scene) -> None:
    compose(scene)
    scene.press("Duplicate")


@walks("deliveries.remove")
def remove(scene: Scene) -> None:
    compose(scene)
    scene.press("Remove draft")


@walks("deliveries.approve")
def approve(scene: Scene) -> None:
    proof = proofs.send_proof(scene.runtime, draft(scene).id)
    sending.send_batch(scene.runtime, proof.id)
    scene.open(f"/deliveries/{proof.id}")
    scene.press("Approve")


@walks("deliveries.act")
def pause(scene: Scene) -> None:
    under_way = begin(scene.runtime, ready(scene.runtime, scene.service))
    scene.open(f"/deliveries/{under_way.id}")
    scene.press("Pause")


@walks("deliveries.act")
def stop(scene: Scene) -> None:
    under_way = begin(scene.runtime, ready(scene.runtime, scene.service))
    scene.open(f"/deliveries/{under_way.id}")
    scene.press("Stop")


def scheduled(scene: Scene) -> int:
    waits = draft(scene)
    at = scene.runtime.now() + timedelta(days=1)
    editing.edit(scene.runtime, waits.id, editing.DeliveryChanges(scheduled_at=at))
    analysis.start(scene.runtime, waits.id)
    return begin(scene.runtime, analysis.analyse(scene.runtime, waits.id)).id


@walks("deliveries.unschedule")
def unschedule(scene: Scene) -> None:
    scene.open(f"/deliveries/{scheduled(scene)}")
    scene.submit("form#unschedule")


@walks("deliveries.change_time")
def change_time(scene: Scene) -> None:
    scene.open(f"/deliveries/{scheduled(scene)}/time")
    scene.submit("main form.ff-fields", day="2026-11-28", clock="18:00")


def failed(scene: Scene) -> Message:
    error = fault(ErrorKind.PERMANENT, "not_permitted", said="Not permitted.")
    scene.network.before = [error]
    done = sent(scene.runtime, scene.service, people=2)
    rows = scene.runtime.session.query(Message).filter_by(delivery_id=done.id)
    return rows.filter_by(state=MessageState.FAILED).one()


@walks("deliveries.lift")
def lift(scene: Scene) -> None:
    message = failed(scene)
    scene.open(f"/deliveries/{message.delivery_id}?why={message.id}")
    scene.submit('form[action$="/lift"]')


@walks("deliveries.send_to_the_rest")
def send_to_the_rest(scene: Scene) -> None:
    stopped = begin(scene.runtime, ready(scene.runtime, scene.service))
    control.stop(scene.runtime, stopped.id)
    scene.open(f"/deliveries/{stopped.id}")
    scene.submit("form#rest")


@walks("deliveries.take_back")
def take_back(scene: Scene) -> None:
    post = draft(scene, kind=DeliveryKind.POST)
    analysis.start(scene.runtime, post.id)
    begin(scene.runtime, analysis.analyse(scene.runtime, post.id))
    sending.send_batch(scene.runtime, post.id)
    scene.open(f"/deliveries/{post.id}")
    scene.press("Take it back")


@walks("_top.html")
def search_from_anywhere(scene: Scene) -> None:
    scene.open("/profile")
    scene.page.locator("#search").fill("ana")
    scene.page.keyboard.press("Enter")


@walks("system/search.html")
def search(scene: Scene) -> None:
    scene.open("/search")
    scene.page.get_by_label("What to search for").fill("ana")
    scene.page.keyboard.press("Enter")


@walks("system/audit.html")
def audit(scene: Scene) -> None:
    scene.open("/settings/audit")
    box = scene.page.locator("form.ff-bar-tools input:visible").first
    box.fill("log")
    box.press("Enter")


@walks("deliveries/index.html")
def find_a_delivery(scene: Scene) -> None:
    assert draft(scene).id
    scene.open("/deliveries")
    box = scene.page.locator("form.ff-find input")
    box.fill("spring")
    box.press("Enter")


@walks("deliveries/log.html")
def find_a_recipient(scene: Scene) -> None:
    scene.open(f"/deliveries/{sent(scene.runtime, scene.service).id}")
    box = scene.page.get_by_label("Find a recipient")
    box.fill("ana")
    box.press("Enter")


@walks("audience/visitors.html")
def find_a_visitor(scene: Scene) -> None:
    make_subscription(scene.runtime, scene.service)
    scene.open("/audience/visitors")
    box = scene.page.locator("#find-visitor")
    box.fill("ana")
    box.press("Enter")


@walks("audience/_filter.html")
def filter_visitors(scene: Scene) -> None:
    make_subscription(scene.runtime, scene.service)
    scene.open("/audience/visitors")
    scene.page.locator("#filter summary").click()
    scene.page.get_by_role("link", name="Followers").first.click()
    scene.page.locator(".ff-filter-new [name=value]").fill("3")
    scene.page.get_by_role("button", name="Add the condition").click()


@walks("deliveries/compose/_side.html")
def read_it_as_somebody(scene: Scene) -> None:
    make_subscription(scene.runtime, scene.service)
    compose(scene)
    asks = scene.page.locator("#whom")
    with scene.page.expect_response(lambda answer: "whom=per" in answer.url and answer.ok):
        asks.press_sequentially("per")


@walks("deliveries.straight")
def write_at_once(scene: Scene) -> None:
    assert scene.service.id
    scene.open("/profile")
    scene.submit('header form[action*="/deliveries/new/straight"]')
