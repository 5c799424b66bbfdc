"""The forms about accounts, workflows, people, words and the sandbox."""

from channels import Wish
from tests.stories.submitting import Scene, walks
from tests.support.factories import make_subscription, make_visitor, make_workflow
from tests.support.fakes import FakeAppForm, FakeOffer
from tests.support.sessions import FakeMoving, FakeSignIn
from webapp.audience import own_words
from webapp.audience.models import ReceivedMessage, Subscription
from webapp.services.channel import session_store
from webapp.services.connection import app
from webapp.services.connection.sandbox import connect_sandbox
from webapp.workflows.models import WorkflowState

NEW = 'form[action$="/services/new/fake"]'
WORDS = "/settings/words"


@walks("services.connect")
def connect(scene: Scene) -> None:
    scene.open("/services/new/fake")
    scene.submit(
        NEW,
        "button.btn-primary",
        label="Atelier Nord",
        internal_name="@ateliernord",
        channel__region="north",
        channel__token="good",
        monthly_budget="60.50",
    )


@walks("services.connect")
def connect_a_test_account(scene: Scene) -> None:
    scene.open("/services/new/fake")
    scene.submit(
        NEW,
        "button.btn-primary",
        label="Atelier Nord",
        internal_name="ateliernord",
        channel__token="good",
        is_test=True,
        sync_subscriptions=False,
        channel__loud=True,
    )


@walks("services.try_out")
def try_out(scene: Scene) -> None:
    scene.open("/services/new/fake")
    scene.submit(NEW, "button[formaction]", channel__token="good")


@walks("services.change")
def change_nothing(scene: Scene) -> None:
    scene.open(f"/services/{scene.service.id}/settings")
    scene.submit("form.ff-fields", "button.btn-primary")


@walks("services.change")
def change_all(scene: Scene) -> None:
    scene.open(f"/services/{scene.service.id}/settings")
    scene.submit(
        "form.ff-fields",
        "button.btn-primary",
        label="Other",
        channel__token="better",
        daily_cap="40",
        monthly_budget="12.75",
        folder="Shops",
    )


@walks("services.sign_in")
def sign_in(scene: Scene) -> None:
    scene.runtime.registry.get("fake").sign_in = FakeSignIn()
    scene.open("/services/new/fake")
    scene.submit('form[action$="/services/new/fake/sign-in"]')


@walks("services.sign_in_again")
def sign_in_again(scene: Scene) -> None:
    scene.runtime.registry.get("fake").sign_in = FakeSignIn()
    scene.open(f"/services/{scene.service.id}/settings")
    scene.submit('form[action$="/sign-in"]')


@walks("services.enter_app")
def enter_app(scene: Scene) -> None:
    scene.runtime.registry.get("fake").app_form = lambda: FakeAppForm
    scene.open("/settings/apps")
    scene.submit('form[action$="/settings/apps/fake"]', fake__client_id="made-up")


@walks("services.forget_app")
def forget_app(scene: Scene) -> None:
    scene.runtime.registry.get("fake").app_form = lambda: FakeAppForm
    app.enter(scene.runtime, "fake", {"client_id": "made-up"})
    scene.open("/settings/apps")
    scene.submit('form[action$="/forget"]')


@walks("services.move")
def move_one(scene: Scene) -> None:
    scene.runtime.registry.get("fake").moving = FakeMoving()
    assert scene.service.id
    scene.open("/services/sign-ins/fake")
    scene.submit(f'form[id="move-{scene.service.id}"]')


@walks("services.move_back")
def move_back(scene: Scene) -> None:
    scene.runtime.registry.get("fake").moving = FakeMoving()
    tokens = FakeMoving().trade(scene.network)
    session_store.keep(scene.runtime, scene.service, tokens)
    scene.open("/services/sign-ins/fake")
    scene.submit(f'form[id="back-{scene.service.id}"]')


@walks("services.check")
def check(scene: Scene) -> None:
    scene.open(f"/services/{scene.service.id}")
    scene.submit("form[data-checks]")


@walks("deliveries.disconnect")
def disconnect(scene: Scene) -> None:
    scene.open(f"/services/{scene.service.id}")
    scene.submit('form[action$="/disconnect"]')


def page_of_workflow(scene: Scene) -> None:
    workflow = make_workflow(scene.runtime, state=WorkflowState.STARTED)
    scene.open(f"/workflows/{workflow.id}")


@walks("workflows.act")
def run_now(scene: Scene) -> None:
    page_of_workflow(scene)
    scene.submit('form[action$="/run"]')


@walks("workflows.act")
def pause(scene: Scene) -> None:
    page_of_workflow(scene)
    scene.submit('form[action$="/pause"]')


@walks("workflows.reschedule")
def reschedule(scene: Scene) -> None:
    page_of_workflow(scene)
    scene.submit('form[action$="/schedule"]', days="2", clock="08:15")


@walks("workflows.reschedule_by_cron")
def reschedule_by_cron(scene: Scene) -> None:
    page_of_workflow(scene)
    scene.submit('form[action$="/cron"]', schedule="15 8 * * 1")


def card(scene: Scene, **tie: object) -> Subscription:
    found = make_subscription(scene.runtime, scene.service, make_visitor(scene.runtime), **tie)
    scene.runtime.session.flush()
    return found


@walks("audience.move")
def move(scene: Scene) -> None:
    scene.open(f"/audience/visitors/{card(scene).visitor_id}")
    scene.submit('form[action$="/move"]', folder="Friends of the house")


@walks("audience.opt_in")
def opt_in(scene: Scene) -> None:
    scene.open(f"/audience/visitors/{card(scene).visitor_id}")
    scene.submit('form[action$="/opt-in"]', purpose="News", proof="At the fair")


@walks("audience.opt_out")
def opt_out(scene: Scene) -> None:
    scene.open(f"/audience/visitors/{card(scene).visitor_id}")
    scene.submit('form[action$="/opt-out"]', note="By phone")


@walks("audience.lift_quarantine")
def lift_quarantine(scene: Scene) -> None:
    tie = card(scene, quarantined_at=scene.runtime.now(), quarantine_reason="not_permitted")
    scene.open(f"/audience/visitors/{tie.visitor_id}")
    scene.submit('form[action$="/lift"]')


@walks("audience.settle_doubt")
def settle_doubt(scene: Scene) -> None:
    now = scene.runtime.now()
    tie = card(scene, doubted_at=now)
    note = ReceivedMessage(
        service_id=tie.service_id,
        visitor_id=tie.visitor_id,
        remote_id="m1",
        text="Not interested",
        wish="doubt",
        received_at=now,
        read_at=now,
    )
    scene.runtime.session.add(note)
    scene.open(f"/audience/visitors/{tie.visitor_id}")
    scene.submit('form[action$="/doubt"]')


@walks("audience.add_word")
def add_word(scene: Scene) -> None:
    scene.open(WORDS)
    scene.submit("form[aria-labelledby=add]", words="basta così", meaning="stop")


@walks("audience.remove_word")
def remove_word(scene: Scene) -> None:
    own_words.add(scene.runtime, "basta così", Wish.STOP)
    scene.open(WORDS)
    scene.submit('form[action$="/remove"]')


@walks("system.try_sandbox")
def try_sandbox(scene: Scene) -> None:
    scene.network.offered = [FakeOffer(handle="ateliernord")]
    scene.open("/setup/begin")
    scene.submit('form[action$="/try/fake"]')


@walks("system.remove_sandbox")
def remove_sandbox(scene: Scene) -> None:
    scene.network.offered = [FakeOffer(handle="ateliernord")]
    connect_sandbox(scene.runtime, "fake")
    scene.open("/sandbox/remove")
    scene.submit('form[action$="/sandbox/remove"]')


@walks("system.put_start_away")
def put_start_away(scene: Scene) -> None:
    assert scene.service.id
    scene.open("/")
    scene.submit('form[action$="/start/away"]')
