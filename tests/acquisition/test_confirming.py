"""An address that somebody typed is theirs once they followed the link of a mail to it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, select

from tests.acquisition.conftest import online
from tests.acquisition.test_answers import asked, send
from tests.plugins.x.sandbox.running import RunningSandbox
from tests.support.mailbox import Mailbox, mailbox
from webapp.acquisition import confirming
from webapp.acquisition.models import AcquisitionPage
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.operators.models import LoginThrottle
from webapp.profiles.models import Profile
from webapp.services.models import Service

pytestmark = pytest.mark.one_database
ALLOWED = ["users.read", "tweet.read"]
TYPED = "ida@mail.example"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def settings(settings: Settings, box: Mailbox) -> Settings:
    url = f"smtp://127.0.0.1:{box.port}"
    return replace(settings, mail_url=url, mail_from="fanfare@shop.example")


@pytest.fixture
def slug(runtime: Runtime, brand: Service, sandbox: RunningSandbox) -> str:
    page: AcquisitionPage = online(runtime, brand)
    slug = page.slug
    runtime.session.commit()
    return slug


def shares(browser: FlaskClient, slug: str, address: str = TYPED) -> str:
    """Type an address that the network does not tell; return the page of thanks."""
    shown = asked(browser, slug, allowed=ALLOWED)
    done = send(browser, slug, shown, **{"value-email": address}, share=["email"], agree=["email"])
    assert done.status_code == 303, done.text
    return browser.get(done.location).text


def path_in(box: Mailbox) -> str:
    link = re.search(r"http\S+", box.mails[-1].get_content())[0]
    return urlsplit(link).path


def source() -> dict[str, object]:
    db.session.rollback()
    found = dict(db.session.scalars(select(Profile)).one().sources["email"])
    db.session.rollback()
    return found


def test_an_address_is_confirmed_by_the_link_of_a_mail_and_a_button(
    slug: str, client: FlaskClient, admin: FlaskClient, box: Mailbox
):
    assert "A mail is on its way" in shares(client, slug)
    assert box.mails[-1]["To"] == TYPED
    path = path_in(box)
    assert TYPED not in path
    assert source()["typed"] is True
    assert "not confirmed" in admin.get("/audience/profiles/1").text

    other = client.application.test_client()
    assert "Is this your e-mail address?" in other.get(path).text
    assert source()["typed"] is True
    assert other.post(path).status_code == 200

    assert "typed" not in source()
    assert "confirmed by mail" in admin.get("/audience/profiles/1").text
    assert "This address is confirmed." in other.get(path).text


def test_a_link_is_over_with_its_week_and_with_its_address(
    slug: str, client: FlaskClient, box: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    shares(client, slug)
    path = path_in(box)

    assert client.post(f"{path}x").status_code == 404
    with monkeypatch.context() as late:
        late.setattr(confirming, "LASTS", timedelta())
        assert client.post(path).status_code == 404
    db.session.rollback()
    profile = db.session.scalars(select(Profile)).one()
    profile.email, profile.email_key = "other@mail.example", "other@mail.example"
    db.session.commit()
    assert client.post(path).status_code == 404
    assert source()["typed"] is True


def test_nobody_fills_a_mailbox_by_spellings_nor_many_by_one_account(
    slug: str, client: FlaskClient, box: Mailbox
):
    shares(client, slug)
    # As if the free ones were used up.
    for row in db.session.scalars(select(LoginThrottle).where(is_mail("mail"))):
        row.blocked_until = datetime.now(UTC) + timedelta(minutes=5)
    db.session.commit()

    assert "A mail is on its way" not in shares(client, slug, TYPED.upper())
    assert "A mail is on its way" in shares(client, slug, "else@mail.example")
    for row in db.session.scalars(select(LoginThrottle).where(is_mail("mailer"))):
        row.blocked_until = datetime.now(UTC) + timedelta(minutes=5)
    db.session.commit()

    assert "A mail is on its way" not in shares(client, slug, "third@mail.example")
    assert len(box.mails) == 2


def test_a_log_names_no_address(slug: str, client: FlaskClient, caplog: pytest.LogCaptureFixture):
    shares(client, slug, "no..one@mail.example")

    assert "No mail went out to confirm an address" in caplog.text
    assert "no..one" not in caplog.text


def is_mail(kind: str) -> ColumnElement[bool]:
    return LoginThrottle.key.startswith(f"{kind}:")


def test_an_address_that_the_network_told_needs_no_mail(
    slug: str, client: FlaskClient, box: Mailbox
):
    shown = asked(client, slug)
    done = send(client, slug, shown, share=["email"], agree=["email"])

    assert "A mail is on its way" not in client.get(done.location).text
    assert box.mails == []


def test_a_mail_that_is_refused_leaves_the_address_unconfirmed(
    slug: str, client: FlaskClient, box: Mailbox
):
    box.after_data = b"550 No"

    assert "A mail is on its way" not in shares(client, slug)
    assert source()["typed"] is True
