"""Imports: nothing half, nothing twice, each bad row told, and the same file changes nothing."""

import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.profiles import make_profile
from webapp.audience import erased
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.profiles import tags, values
from webapp.profiles.models import (
    ImportState,
    Profile,
    ProfileImport,
    ProfileImportPiece,
    ProfileWord,
)
from webapp.profiles.transfer import applying, running, staging

FAIR = """First name,Last name,E-mail,Born,Tags
Ana,Ruiz,ana@ruiz.example,1990-04-23,"Fair, Press"
Bo,Berg,,,
Clara,Brandt,no address,,
Dora,Mészáros,dora@example.org,31.02.1990,
,,,,Press
Emil,Lund,ANA@ruiz.example,1971-01-01,
"""


def brought(runtime: Runtime, text: str, **options: str) -> ProfileImport:
    found = staging.bring(runtime, "fair.csv", io.BytesIO(text.encode()))
    return staging.map_columns(runtime, found.id, found.mapping, options)


def imported(runtime: Runtime, text: str, **options: str) -> ProfileImport:
    found = brought(runtime, text, **options)
    staging.start(runtime, found.id)
    return running.run(runtime, found.id)


def figures(done: ProfileImport) -> tuple[int, int, int, int]:
    return done.made, done.changed, done.same, done.wrong


def everybody(runtime: Runtime) -> list[dict[str, str]]:
    return [values.of(row) for row in runtime.session.query(Profile).order_by(Profile.id)]


def test_rows_become_profiles_and_each_bad_one_is_told_by_its_line(runtime: Runtime):
    done = imported(runtime, FAIR, tag="Barcelona")

    assert (done.state, done.columns) == (ImportState.FINISHED, [])
    assert figures(done) == (2, 0, 0, 4)
    ana, bo = runtime.session.query(Profile).order_by(Profile.id)
    assert ana.email == "ana@ruiz.example"
    assert (ana.sources["email"]["about"], ana.sources["email"]["line"]) == ("fair.csv", 2)
    theirs = tags.of(runtime, [ana.id, bo.id])
    assert [tag.name for tag in theirs[ana.id]] == ["Barcelona", "Fair", "Press"]
    assert [tag.name for tag in theirs[bo.id]] == ["Barcelona"]
    told = [(row.line, row.field, row.code) for row in staging.faults(runtime, done.id)]
    assert told == [
        (4, "email", "email"),
        (5, "birth_date", "day"),
        (6, "", "nobody"),
        (7, "email", "contradicts"),
    ]
    assert runtime.session.query(ProfileImportPiece).all() == []
    assert {row.word for row in runtime.session.query(ProfileWord)} == {"ana", "ruiz", "bo", "berg"}


def test_the_same_file_again_changes_nothing(runtime: Runtime):
    imported(runtime, FAIR)
    before = everybody(runtime)

    again = imported(runtime, FAIR)

    assert figures(again) == (0, 0, 2, 4)
    assert everybody(runtime) == before


@pytest.mark.parametrize(
    ("known", "phone", "language", "outcome"),
    [
        ("fill", "972 111 111", "es", (0, 1, 0, 0)),
        ("replace", "972 222 222", "es", (0, 1, 0, 0)),
        ("skip", "972 111 111", "", (0, 0, 1, 0)),
    ],
)
def test_a_known_profile_is_filled_replaced_or_left(
    runtime: Runtime, known: str, phone: str, language: str, outcome
):
    ana = make_profile(runtime, email="ana@ruiz.example", phone="972 111 111")

    done = imported(runtime, "mail,phone,language\nana@ruiz.example,972 222 222,es\n", known=known)

    assert figures(done) == outcome
    runtime.session.expire_all()
    ana = runtime.session.get_one(Profile, ana.id)
    assert (ana.phone, ana.language) == (phone, language)


def test_rows_about_one_person_become_one_profile_across_lots(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(staging, "AT_ONCE", 2)
    rows = "".join(f"ana@ruiz.example,97211111{number}\n" for number in range(5))

    done = imported(runtime, f"email,phone\n{rows}", known="replace")

    assert figures(done) == (1, 4, 0, 0)
    assert [row["phone"] for row in everybody(runtime)] == ["972111114"]


def test_what_breaks_off_goes_on_where_it_was_and_takes_no_row_twice(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(staging, "AT_ONCE", 2)
    text = "name,email\n" + "".join(f"P {n},p{n}@example.org\n" for n in range(7))
    found = brought(runtime, text)
    staging.start(runtime, found.id)
    apply = applying.apply

    def break_off(*given):
        done = apply(*given)
        if runtime.session.get_one(ProfileImport, found.id).done == 4:
            raise RuntimeError("The worker died.")
        return done

    monkeypatch.setattr(applying, "apply", break_off)
    with pytest.raises(RuntimeError):
        running.go_on(runtime, found.id)
    runtime.session.rollback()
    assert len(everybody(runtime)) == 4
    monkeypatch.setattr(applying, "apply", apply)
    runtime.session.query(ProfileImport).update({"leased_until": None})
    runtime.session.commit()

    assert running.due(runtime) == [found.id]
    running.go_on(runtime, found.id)

    assert len(everybody(runtime)) == 7
    assert figures(staging.get(runtime, found.id)) == (7, 0, 0, 0)
    assert running.due(runtime) == []


def test_who_lost_the_lease_writes_nothing(runtime: Runtime):
    found = brought(runtime, "email\nana@ruiz.example\n")
    staging.start(runtime, found.id)
    taken = running.leases.take(runtime, ProfileImport, found.id, "mine", running.RUNS)
    runtime.session.query(ProfileImport).update({"lease_token": "another's"})
    runtime.session.commit()

    assert running.step(replace(taken), found.id) is False
    assert everybody(runtime) == []


def test_a_file_that_is_thrown_away_leaves_nothing(runtime: Runtime):
    found = brought(runtime, "email\nana@ruiz.example\n")

    staging.stop(runtime, found.id)

    assert runtime.session.query(ProfileImportPiece).all() == []
    with pytest.raises(Conflict):
        staging.start(runtime, found.id)


def test_who_was_erased_comes_back_by_no_file(runtime: Runtime):
    erased.remember(runtime, "email", "ana@ruiz.example")
    runtime.session.commit()

    done = imported(runtime, "email\nANA@ruiz.example\nbo@example.org\n")

    assert figures(done) == (1, 0, 0, 1)
    assert [row.code for row in staging.faults(runtime, done.id)] == ["erased"]


@pytest.mark.one_database
def test_rows_with_a_name_alone_are_known_again_by_all_that_they_say(runtime: Runtime):
    make_profile(runtime, first_name="Ana", last_name="", phone="972111111")
    text = "first name,phone,language\nAna,972111111,\nAna,972222222,\nAna,,es\nAna,,es\n,,es\n"

    assert figures(imported(runtime, text)) == (2, 0, 2, 1)
    assert figures(imported(runtime, text)) == (0, 0, 4, 1)


@pytest.mark.one_database
def test_the_preview_tells_what_rows_would_do_and_writes_nothing(runtime: Runtime):
    make_profile(runtime, email="ana@ruiz.example")
    text = "email,phone,language\nana@ruiz.example,972111111,\nbo@example.org,,\nx,,klingon\n"
    found = brought(runtime, text)

    rows = staging.preview(runtime, found, staging.how_of(found))

    assert [(row.line, row.outcome) for row in rows] == [(2, "changed"), (3, "made"), (4, "wrong")]
    assert len(everybody(runtime)) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    "mapping", [{}, {"0": "birth_date"}, {"0": "email", "1": "email"}, {"7": "email"}, {"0": "x"}]
)
def test_a_mapping_by_which_nobody_could_be_read_is_refused(runtime: Runtime, mapping):
    found = staging.bring(runtime, "x.csv", io.BytesIO(b"a,b\n1,2\n"))

    with pytest.raises(Invalid):
        staging.map_columns(runtime, found.id, mapping, {})


@pytest.mark.one_database
def test_a_file_without_rows_is_refused(runtime: Runtime):
    for content in (b"", b"a,b\n", b"\n\n"):
        with pytest.raises(Invalid):
            staging.bring(runtime, "x.csv", io.BytesIO(content))
        runtime.session.rollback()


rows = st.lists(
    st.tuples(
        st.sampled_from(["", "Ana", "Bo"]),
        st.sampled_from(["", "Ruiz"]),
        st.sampled_from(["", "a@b.example", "c@d.example", "broken"]),
        st.sampled_from(["", "1990-04-23", "1991-05-24"]),
        st.sampled_from(["", "972111111", "972222222"]),
    ),
    min_size=1,
    max_size=8,
)


@given(rows)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.one_database
def test_whatever_a_file_says_a_second_time_makes_nobody_new(runtime: Runtime, rows):
    for model in (ProfileWord, Profile, ProfileImport):
        runtime.session.query(model).delete()
    runtime.session.commit()
    lines = ["first name,last name,email,born,phone", *(",".join(row) for row in rows)]
    if not any(any(row) for row in rows):
        return

    first = imported(runtime, "\n".join(lines), known="fill")
    before = everybody(runtime)
    again = imported(runtime, "\n".join(lines), known="fill")

    told = sum(any(row) for row in rows)
    assert sum(figures(first)) == sum(figures(again)) == told
    assert again.made == 0
    assert len(everybody(runtime)) == len(before)


@pytest.mark.one_database
@pytest.mark.parametrize("tag", ["\u200b", "Fair, 2025", "x" * 201])
def test_a_tag_that_nobody_can_have_is_refused_before_any_row_is_taken_in(
    runtime: Runtime, tag: str
):
    with pytest.raises(Invalid) as refused:
        brought(runtime, FAIR, tag=tag)

    assert "tag" in refused.value.fields
