"""The person of a profile: a copy of all of it, and an erasure of all visitors that it is."""

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.privacy.conftest import WORDS, Known
from tests.support.deliveries import sent
from tests.support.factories import make_subscription, make_visitor
from tests.support.profiles import make_profile, shared
from tests.support.traces import files_with, rows_with
from webapp.audience.models import Visitor
from webapp.deliveries import why
from webapp.deliveries.models import Message
from webapp.kernel.audit import AuditEntry
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.privacy import copy, erasing, reader, wishes
from webapp.privacy.models import ErasureWish, WishState
from webapp.profiles import contacts, tags
from webapp.profiles.merging import merge as merging
from webapp.profiles.models import Profile, ProfileImport, ProfileImportPiece
from webapp.profiles.reconciliation import linking
from webapp.profiles.reconciliation.reconcile import reconcile
from webapp.profiles.transfer import running, staging
from webapp.services.models import Service

PERSON = {
    "first_name": "Zerlinde",
    "last_name": "Quastenfink",
    "email": "zerlinde@quastenfink.example",
}


@pytest.fixture
def whole(runtime: Runtime, known: Known) -> Profile:
    """A profile with two visitors, that was tagged, merged, changed, and stands in a file."""
    profile = make_profile(runtime, **PERSON)
    other = make_profile(runtime, first_name="Zerlinde", phone="972 111 111")
    tags.add(runtime, profile.id, "Fair")
    second = make_visitor(runtime, name="Zerlinde Quastenfink", handle="quastenfink_studio")
    linking.link(runtime, known.visitor.id, profile.id, "sofarot in the shop")
    linking.link(runtime, second.id, other.id)
    seen = profile.version, other.version
    merging.merge(runtime, profile.id, other.id, taken=["phone"], seen=seen)
    reconcile(runtime, second.id, shared(phone="972 222 222", last_name="Tintenklecks"))
    rows = b"name,email\nZerlinde Quastenfink,zq@x.example\nBo,ZERLINDE@quastenfink.example\nBo,\n"
    staging.bring(runtime, "fair.csv", io.BytesIO(rows))
    return profile


def test_an_erasure_of_a_profile_takes_every_visitor_and_leaves_no_trace(
    runtime: Runtime, known: Known, whole: Profile
):
    wish = wishes.ask_for_profile(runtime, whole.id)
    with pytest.raises(Invalid):
        erasing.erase(runtime, wish.id, "quastenfink")
    runtime.session.rollback()

    done = erasing.erase(runtime, wish.id, "Zerlinde Quastenfink")

    assert (done.counts["profile"], done.counts["person"]) == (1, 2)
    assert (done.state, done.profile_id) == (WishState.ERASED, None)
    assert rows_with(runtime, *WORDS) == []
    assert files_with(runtime.settings.var, *WORDS) == []
    (brought,) = runtime.session.query(ProfileImport)
    assert brought.total == sum(len(p.rows) for p in runtime.session.query(ProfileImportPiece)) == 1


def test_a_profile_that_waits_is_neither_removed_nor_merged_nor_parted(
    runtime: Runtime, whole: Profile
):
    """The wish would be lost, and what went elsewhere would stay."""
    other, made = make_profile(runtime), merging.of(runtime, whole)[0]
    both = other.version, whole.version
    wish = wishes.ask_for_profile(runtime, whole.id)

    for act in (
        lambda: contacts.remove(runtime, whole.id),
        lambda: merging.merge(runtime, other.id, whole.id, taken=(), seen=both),
        lambda: merging.undo(runtime, made.id),
    ):
        with pytest.raises(Conflict, match="asked to be erased"):
            act()
        runtime.session.rollback()

    wishes.withdraw(runtime, wish.id)
    contacts.remove(runtime, whole.id)


def test_from_the_wish_on_nobody_writes_to_any_visitor(
    runtime: Runtime, known: Known, whole: Profile, service: Service
):
    wishes.ask_for_profile(runtime, whole.id)
    again = wishes.ask_for_profile(runtime, whole.id)

    assert runtime.session.query(ErasureWish).all() == [again]
    waiting = wishes.waiting_since(runtime)
    assert set(waiting) == {row.visitor_id for row in linking.of_profile(runtime, whole)}


def test_a_profile_that_was_removed_before_leaves_its_name_in_no_audit(
    runtime: Runtime, known: Known, whole: Profile
):
    """Nothing but the audit tells that it was this visitor, and the one that went into it."""
    contacts.remove(runtime, whole.id)
    wish = wishes.ask(runtime, known.visitor.id)

    erasing.erase(runtime, wish.id, "quastenfink")

    left = rows_with(runtime, *WORDS)
    assert not [row for row in left if row.startswith(AuditEntry.__tablename__)]


def test_a_profile_that_an_undone_merge_gave_back_keeps_its_audit(runtime: Runtime):
    profile, other = make_profile(runtime, **PERSON), make_profile(runtime)
    seen = profile.version, other.version
    made = merging.merge(runtime, profile.id, other.id, taken=(), seen=seen)
    merging.undo(runtime, made.id)
    number = other.id

    erasing.erase(runtime, wishes.ask_for_profile(runtime, profile.id).id, profile.shown_name)

    about = AuditEntry.subject == "profile", AuditEntry.subject_id == number
    assert runtime.session.scalars(select(AuditEntry.label).where(*about)).all() == ["Ana Ruiz"]


def test_no_file_brings_somebody_back_but_an_operator_does(runtime: Runtime):
    profile = make_profile(runtime, **PERSON)
    wish = wishes.ask_for_profile(runtime, profile.id)
    erasing.erase(runtime, wish.id, profile.shown_name)
    sheet = f"email\n{PERSON['email']}\n".encode()

    for outcome in ("wrong", "same"):
        brought = staging.bring(runtime, "old.csv", io.BytesIO(sheet))
        staging.start(runtime, brought.id)
        done = running.run(runtime, brought.id)
        assert getattr(done, outcome) == 1
        if outcome == "wrong":
            contacts.create(runtime, PERSON)


def test_a_copy_tells_the_profile_and_each_visitor(runtime: Runtime, whole: Profile, known: Known):
    told = copy.document_of_profile(runtime, whole.id)

    assert told["profile"]["E-mail"] == PERSON["email"]
    assert told["profile"]["tags"] == ["Fair"]
    assert len(told["visitors"]) == 2
    assert {row["person"][0]["handle"] for row in told["visitors"]} >= {"quastenfink"}
    theirs = copy.document(runtime, known.visitor.id)
    assert theirs["profile"][0]["note"] == "sofarot in the shop"


def link_to(runtime: Runtime, service: Service, **values: str) -> tuple[str, int]:
    """The link of a message to somebody who shared these, and their id."""
    visitor = make_subscription(runtime, service).visitor
    delivery = sent(runtime, service, people=0)
    message = runtime.session.query(Message).filter_by(delivery_id=delivery.id)
    found = message.filter_by(visitor_id=visitor.id).one()
    reconcile(runtime, visitor.id, shared(**values))
    return why.path(runtime.settings, found.id, visitor.remote_id).rpartition("/")[2], visitor.id


def test_a_reader_erases_the_profile_that_was_made_of_theirs(runtime: Runtime, service: Service):
    token, _visitor = link_to(runtime, service, email="ana@ruiz.example")

    assert reader.erase(runtime, token) is True

    assert runtime.session.query(Profile).all() == []


def test_what_a_reader_shared_and_another_visitor_leans_on_waits_for_an_administrator(
    runtime: Runtime, service: Service
):
    """They would be told that all is gone, while their address stayed."""
    token, _visitor = link_to(runtime, service, email="ana@ruiz.example")
    reconcile(runtime, make_visitor(runtime).id, shared(email="ana@ruiz.example"))

    assert reader.erase(runtime, token) is False

    (profile,) = runtime.session.query(Profile)
    (left,) = runtime.session.query(ErasureWish).filter_by(state=WishState.ASKED)
    assert left.profile_id == profile.id


def test_who_wrote_the_address_of_another_erases_nothing_of_theirs(
    runtime: Runtime, service: Service
):
    other = make_profile(runtime, **PERSON)
    token, visitor = link_to(runtime, service, email=PERSON["email"])

    assert reader.erase(runtime, token) is False

    assert runtime.session.query(Profile).all() == [other]
    assert runtime.session.get(Visitor, visitor) is None
    (left,) = runtime.session.query(ErasureWish).filter_by(state=WishState.ASKED)
    assert (left.profile_id, left.asked_by) == (other.id, "reader")


@pytest.mark.one_database
def test_the_pages_show_what_will_go_first(admin: FlaskClient, runtime: Runtime, whole: Profile):
    number = whole.id
    runtime.session.commit()
    page = admin.get(f"/privacy/profiles/{number}/erasure").text
    wish = admin.post(f"/privacy/profiles/{number}/erasure").location
    shown = admin.get(wish).text
    admin.post(f"{wish}/erase", data={"name": "Zerlinde Quastenfink"})

    for said in ("1 profile", "@quastenfink_studio"):
        assert said in page
        assert said in shown
    assert admin.get(f"/audience/profiles/{number}").status_code == 404
    assert "Wish" in admin.get("/settings/privacy").text
