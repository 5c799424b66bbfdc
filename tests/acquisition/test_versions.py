"""What each version changed is shown, an earlier one comes back as draft, and links are renewed."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from tests.acquisition.conftest import online
from tests.support.factories import actions
from webapp.acquisition import content, pages, publishing, versions
from webapp.acquisition.models import AcquisitionPage
from webapp.acquisition.pages import Change
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

pytestmark = pytest.mark.one_database


@pytest.fixture
def page(runtime: Runtime, brand: Service, sandbox: object) -> AcquisitionPage:
    """A page whose second version has another title and asks less."""
    made = online(runtime, brand)
    return publishing.put_online(runtime, made.id, changed(runtime, made).edition)


def changed(runtime: Runtime, page: AcquisitionPage) -> AcquisitionPage:
    draft = content.read(page.draft)
    change = Change(
        edition=page.edition,
        label=page.label,
        slug=page.slug,
        language="en",
        words=replace(draft.in_language("en"), title="Join us"),
        content=replace(draft, fields=("email",)),
    )
    return pages.edit(runtime, page.id, change)


def told(runtime: Runtime, page: AcquisitionPage, number: int) -> dict[str, tuple[str, str]]:
    before, after = (versions.one(runtime, page, at).content for at in (number - 1, number))
    found = versions.differences(runtime, before, after)
    return {item.what: (item.before, item.after) for item in found}


def test_a_version_tells_what_it_changed_and_nothing_else(runtime: Runtime, page: AcquisitionPage):
    assert told(runtime, page, 2) == {
        "Title, English": ("Share with us", "Join us"),
        "Asked": ("Name, E-mail", "E-mail"),
        "Why Name, English": ("To greet you by your name.", ""),
    }


def test_the_page_shows_versions_and_what_the_draft_would_change(
    runtime: Runtime, page: AcquisitionPage, marketer: FlaskClient
):
    path, seal = f"/acquisition/{page.id}/versions", versions.one(runtime, page, 2).seal
    runtime.session.commit()

    newest, first = marketer.get(path).text, marketer.get(f"{path}?number=1").text

    assert "What version 2 changed" in newest
    assert seal[:12] in newest
    assert "Join us" in newest
    assert "It says" in first
    assert marketer.get(f"{path}?number=9").status_code == 404


def test_an_earlier_version_comes_back_as_draft_and_people_read_the_later_one(
    runtime: Runtime, page: AcquisitionPage
):
    done = versions.restore(runtime, page.id, 1, page.edition)

    assert content.read(done.draft).in_language("en").title == "Share with us"
    assert (done.number, done.changed) == (2, True)
    assert publishing.shown(runtime, done).content.in_language("en").title == "Join us"
    assert actions(runtime)[-1] == "acquisition_page.restore"


def test_the_version_that_is_online_needs_not_go_online_again(
    runtime: Runtime, page: AcquisitionPage
):
    changed(runtime, page)

    done = versions.restore(runtime, page.id, 2, page.edition)

    assert not done.changed
    with pytest.raises(NotFound):
        versions.restore(runtime, page.id, 7, done.edition)
    with pytest.raises(Conflict):
        versions.restore(runtime, page.id, 1, done.edition - 1)


def test_a_new_private_link_ends_the_old_one(
    runtime: Runtime, page: AcquisitionPage, marketer: FlaskClient, client: FlaskClient
):
    old, edition = page.preview_key, page.edition
    runtime.session.commit()
    assert client.get(f"/p/-/draft/{old}").status_code == 200

    marketer.post(f"/acquisition/{page.id}/link", data={"edition": edition})

    assert client.get(f"/p/-/draft/{old}").status_code == 404
    runtime.session.expire_all()
    new = runtime.session.get_one(AcquisitionPage, page.id).preview_key
    runtime.session.commit()
    assert client.get(f"/p/-/draft/{new}").status_code == 200
