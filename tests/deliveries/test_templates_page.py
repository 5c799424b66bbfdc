"""The pages of templates: read by everybody, changed and removed by those who write."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.factories import actions, make_delivery
from webapp.deliveries import templates
from webapp.deliveries.models import Template
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

    assert "A built-in template stays as it is." in page
    assert "Save the template" not in page
    assert (changed.status_code, removed.status_code) == (409, 409)


def test_a_viewer_reads_templates(own: Template, client_as: Callable[[Role], FlaskClient]):
    answer = client_as(Role.VIEWER).get(f"/templates/{own.id}")

    assert "Your role may read templates" in answer.text
    assert "spring is here" in answer.text
    assert "Save the template" not in answer.text
