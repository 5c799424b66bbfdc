"""The pages of templates: read by everybody, changed and removed by those who write."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.factories import actions, make_delivery, make_subscription, make_visitor
from webapp.deliveries.drafts import templates
from webapp.deliveries.models import Delivery, DeliveryState, Template
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service


@pytest.fixture
def own(runtime: Runtime, service: Service) -> Template:
    """A template that the team saved."""
    return templates.save_as(runtime, make_delivery(runtime, service), "Letter")


@pytest.fixture
def built_in(runtime: Runtime) -> Template:
    """A template that comes with the channel."""
    templates.ensure_built_in(runtime)
    found = next(item for item in templates.every(runtime) if item.channel == "fake")
    runtime.session.commit()
    return found


def test_built_in_and_own_templates_are_listed(
    own: Template, built_in: Template, marketer: FlaskClient
):
    answer = marketer.get("/templates")

    assert "Letter" in answer.text
    assert built_in.name in answer.text
    assert "built in" in answer.text


def test_a_changed_template_is_kept_and_recorded(
    runtime: Runtime, own: Template, marketer: FlaskClient
):
    typed = {"name": "Spring letter", "content": "Hi {first_name|there}"}

    answer = marketer.post(f"/templates/{own.id}", data=typed, follow_redirects=True)

    assert "“Spring letter” is saved." in answer.text
    assert "Hi {first_name|there}" in answer.text
    assert "template.change" in actions(runtime)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "A template needs a name."),
        ("Post", "There is already a template with this name."),
        ("n" * 201, "This is too long: at most 200 characters."),
    ],
)
def test_a_wrong_name_is_explained_and_the_text_kept(
    own: Template, built_in: Template, marketer: FlaskClient, name: str, sentence: str
):
    typed = {"name": name, "content": "What was typed"}

    answer = marketer.post(f"/templates/{own.id}", data=typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "What was typed" in answer.text


def test_a_removed_template_leaves_its_deliveries(
    runtime: Runtime, service: Service, own: Template, marketer: FlaskClient
):
    delivery = make_delivery(runtime, service)
    delivery.template_id = own.id
    runtime.session.commit()

    answer = marketer.post(f"/templates/{own.id}/remove", follow_redirects=True)

    assert "“Letter” is removed" in answer.text
    assert marketer.get(f"/templates/{own.id}").status_code == 404
    assert delivery.label in marketer.get("/deliveries").text


def test_a_built_in_template_stays_as_it_is(built_in: Template, marketer: FlaskClient):
    page = marketer.get(f"/templates/{built_in.id}").text
    changed = marketer.post(f"/templates/{built_in.id}", data={"name": "Mine", "content": "x"})
    removed = marketer.post(f"/templates/{built_in.id}/remove")

    assert "A built-in template stays as it is:" in page
    assert "Save the template" not in page
    assert (changed.status_code, removed.status_code) == (409, 409)


def test_a_viewer_reads_templates(own: Template, client_as: Callable[[Role], FlaskClient]):
    answer = client_as(Role.VIEWER).get(f"/templates/{own.id}")

    assert "Your role may read templates" in answer.text
    assert "spring is here" in answer.text
    assert "Save the template" not in answer.text


def test_the_shelf_says_how_often_a_template_was_used_and_begins_with_the_teams_own(
    runtime: Runtime, service: Service, own: Template, built_in: Template, marketer: FlaskClient
):
    for label in ("Spring letter", "Summer letter"):
        make_delivery(runtime, service, label=label).template_id = own.id
    runtime.session.commit()

    listed = marketer.get("/templates").text
    opened = marketer.get(f"/templates/{own.id}").text

    assert listed.index("Letter") < listed.index(built_in.name + "</a>")
    assert "2 deliveries" in listed
    assert "not yet" in listed
    assert "Spring letter" in opened
    assert "Summer letter" in opened


@pytest.mark.parametrize("address", ["?q=LETTER", "?q=spring+is", "?kind=direct", ""])
def test_templates_are_found_by_name_text_and_kind(
    own: Template, marketer: FlaskClient, address: str
):
    assert f'href="/templates/{own.id}"' in marketer.get(f"/templates{address}").text


@pytest.mark.parametrize("address", ["?q=winter", "?q=letter&kind=post"])
def test_what_matches_no_template_is_said(own: Template, marketer: FlaskClient, address: str):
    page = marketer.get(f"/templates{address}").text

    assert "No template matches" in page
    assert own.name not in page.split("<main")[1]


def test_one_click_begins_a_delivery_that_is_named_after_its_template(
    runtime: Runtime, own: Template, marketer: FlaskClient
):
    marketer.post(
        f"/deliveries/new/straight?kind=direct&channel=fake&template={own.id}",
        follow_redirects=True,
    )

    begun = runtime.session.query(Delivery).order_by(Delivery.id.desc()).first()
    assert begun is not None
    assert begun.label.startswith("Letter, ")
    assert (begun.template_id, begun.content) == (own.id, own.content)


def test_a_built_in_template_is_changed_by_way_of_a_copy(
    runtime: Runtime, built_in: Template, marketer: FlaskClient
):
    for _time in range(2):
        marketer.post(f"/templates/{built_in.id}/duplicate")

    copies = [item for item in templates.every(runtime) if not item.built_in]
    name = built_in.name
    assert [item.name for item in copies] == [f"{name} (2)", f"{name} (3)"]
    assert {item.content for item in copies} == {built_in.content}
    assert "Save the template" in marketer.get(f"/templates/{copies[0].id}").text


def test_a_copy_of_the_longest_name_has_room_for_its_own(
    runtime: Runtime, own: Template, marketer: FlaskClient
):
    own.name = "n" * 200
    runtime.session.commit()

    answer = marketer.post(f"/templates/{own.id}/duplicate", follow_redirects=True)

    assert "This is a copy." in answer.text
    assert f"{'n' * 160} (2)" in {item.name for item in templates.every(runtime)}


def test_a_template_is_read_as_somebody_known_gets_it(
    runtime: Runtime, service: Service, own: Template, marketer: FlaskClient
):
    make_subscription(runtime, service, make_visitor(runtime, name="Ana Ruiz"))
    runtime.session.commit()

    kept = marketer.get(f"/templates/{own.id}").text
    typed = {"content": "Dear {first name|friend}, hello"}
    typing = marketer.post(f"/templates/{own.id}/preview", data=typed).text

    assert "as Ana Ruiz reads it" in kept
    assert "Dear Ana, hello" in typing
    assert "hello" not in own.content


def test_a_delivery_that_is_over_leads_to_the_template_made_of_it(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    over = make_delivery(runtime, service)
    over.state = DeliveryState.FINISHED
    runtime.session.commit()

    answer = marketer.post(
        f"/deliveries/{over.id}/template", data={"name": "Kept"}, follow_redirects=True
    )

    assert "“Kept” is kept as a template." in answer.text
    assert answer.request.path.startswith("/templates/")
