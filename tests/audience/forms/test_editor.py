"""The editor of conditions: read from an address, changed by links and a form, told in words."""

from contextlib import suppress
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask, render_template
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from webapp.audience import filters, forms
from webapp.audience.filters import url_codec
from webapp.audience.filters.fields import FIELDS, FieldType
from webapp.kernel.errors import Invalid

PAGE = forms.EditorPage(action="/people", keep=[("sort", "name")])
SAVED = forms.EditorPage(action="/deliveries/1/target", method="post")
FRIENDS = {"field": "friends", "op": "more", "value": "50"}
VERIFIED = {"field": "verified", "op": "is", "value": "yes"}
ANA = {"field": "username", "op": "begins", "value": "ana"}


def _shallow(condition: dict[str, object]) -> bool:
    try:
        filters.in_words([condition])
    except Invalid:
        return False
    return True


VALUES = {
    FieldType.TEXT: st.text(min_size=1).filter(lambda text: _readable(FieldType.TEXT, text)),
    FieldType.NUMBER: st.integers(0, 2_147_483_647).map(str),
    FieldType.YES: st.sampled_from(["yes", "no"]),
    FieldType.DAY: st.dates(date(2, 1, 1), date(9998, 12, 31)).map(str),
}


def _readable(shape: FieldType, text: str) -> bool:
    field = next(field for field in FIELDS.values() if field.shape is shape)
    try:
        field.read(text)
    except ValueError:
        return False
    return True


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, object]:
    name = draw(st.sampled_from(sorted(FIELDS)))
    field = FIELDS[name]
    leaf = {
        "field": name,
        "op": draw(st.sampled_from(field.ops)),
        "value": draw(VALUES[field.shape]),
    }
    return {"not": leaf} if draw(st.booleans()) else leaf


conditions = st.one_of(
    leaves(), st.lists(leaves(), min_size=2, max_size=4).map(lambda some: {"any": some})
)
nested = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda some: {"any": some}),
        st.lists(inner, min_size=1, max_size=2).map(lambda some: {"all": some}),
        inner.map(lambda one: {"not": one}),
    ),
    max_leaves=4,
).filter(_shallow)


def query(**values: object) -> MultiDict[str, str]:
    return MultiDict({key: value for key, value in values.items() if value is not None})


def follow(url: str) -> forms.Editor:
    """The editor of the page that an address leads to."""
    return forms.read(MultiDict(parse_qsl(urlsplit(url).query, keep_blank_values=True)), PAGE)


@given(st.one_of(conditions, nested))
def test_an_address_gives_back_what_it_was_told(condition: dict[str, object]):
    assert url_codec.read(url_codec.spell(condition)) == condition


@given(st.text())
def test_any_other_text_is_refused_with_a_sentence(text: str):
    with suppress(Invalid):
        filters.in_words([url_codec.read(text)])


@pytest.mark.parametrize(
    ("condition", "spelled"),
    [
        (FRIENDS, "followers.more.50"),
        ({"not": VERIFIED}, "!verified.is.yes"),
        ({"any": [FRIENDS, {"not": ANA}]}, "followers.more.50|!username.begins.ana"),
        ({"field": "full_name", "op": "is", "value": "a|b\\c"}, "full_name.is.a\\|b\\\\c"),
    ],
)
def test_an_address_can_be_read_by_people(condition: dict[str, object], spelled: str):
    assert url_codec.spell(condition) == spelled


@pytest.mark.parametrize(
    ("spelled", "sentence"),
    [
        ("followers.more.many", "Write a whole number, such as 50."),
        ("followers.more.-1", "Write a number from 0 to 2,147,483,647."),
        ("followers.more.99999999999", "Write a number from 0 to 2,147,483,647."),
        ("followers.contains.5", "This field cannot be compared like that."),
        ("shoe_size.more.40", "There is no such field to filter by."),
        ("first_seen.since.yesterday", "Write a day as 2026-11-24."),
        ("verified.is.perhaps", "Choose yes or no."),
        ("username.begins. ", "Write a word to look for."),
        ("anything", "This is not a condition."),
        ("|", "This is not a condition."),
        ('{"any": []}', "A group needs at least one condition."),
        ('{"any": [1]}', "This is not a condition."),
        ("{broken", "This is not a condition."),
        ("x" * 3_000, "This condition is too long."),
        ('{"not": {"not": {"not": {"not": {"not": {}}}}}}', "This filter is nested too deeply."),
    ],
)
def test_a_condition_that_cannot_be_read_is_explained_and_left_out(spelled: str, sentence: str):
    editor = forms.read(MultiDict([("where", spelled), ("where", "followers.more.50")]), PAGE)

    assert [item.why for item in editor.unread] == [sentence]
    assert editor.status == 422
    assert follow(editor.unread[0].url).conditions == [FRIENDS]


@pytest.mark.parametrize(
    ("join", "expected"),
    [("and", [FRIENDS, VERIFIED, ANA]), ("or", [FRIENDS, {"any": [VERIFIED, ANA]}])],
)
def test_a_new_condition_narrows_or_widens(join: str, expected: list[object]):
    values = MultiDict([("where", "followers.more.50"), ("where", "verified.is.yes")])
    values.update({"field": "username", "op": "begins", "value": "ana", "join": join, "add": "1"})

    editor = forms.read(values, PAGE)

    assert editor.conditions == expected
    assert editor.changed
    assert follow(editor.url).conditions == expected


def test_choosing_a_field_opens_its_form_and_changes_nothing():
    editor = forms.read(query(where="followers.more.50", field="username"), PAGE)

    assert editor.form is not None
    assert [words for _op, words in editor.form.op.choices][-1] == "is not"
    assert (editor.conditions, editor.changed, editor.status) == ([FRIENDS], False, 200)


def test_the_opposite_of_a_comparison_becomes_a_not():
    editor = forms.read(query(field="username", op="!is", value="@Ana", add="1"), PAGE)

    assert filters.in_words(editor.conditions) == [("username", "is not ana")]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"field": "friends", "op": "more", "value": "many"}, "value", "Write a whole number"),
        ({"field": "friends", "op": "is", "value": "5"}, "op", "Choose one."),
        ({"field": "username", "op": "is", "value": ""}, "value", "Write a word"),
        ({"field": "verified", "value": "perhaps"}, "value", "Choose yes or no."),
    ],
)
def test_a_wrong_value_is_explained_beside_its_field_and_kept(
    values: dict[str, str], field: str, sentence: str
):
    editor = forms.read(query(**values, add="1"), PAGE)

    assert editor.form is not None
    assert sentence in editor.form[field].errors[0]
    assert editor.form.value.data == values["value"]
    assert (editor.status, editor.conditions) == (422, [])


def test_one_condition_too_many_is_refused():
    full = MultiDict([("where", f"followers.more.{number}") for number in range(filters.MOST)])
    full.update({"field": "friends", "op": "more", "value": "50", "add": "1"})

    editor = forms.read(full, PAGE)

    assert editor.form is not None
    assert editor.form.value.errors == ["A filter has at most 20 conditions."]


def test_a_field_that_does_not_exist_is_explained():
    editor = forms.read(query(field="shoe_size"), PAGE)

    assert [item.why for item in editor.unread] == ["There is no such field to filter by."]


def test_each_chip_leads_to_the_page_without_its_condition():
    editor = forms.read(
        MultiDict(
            [("where", "followers.more.50|verified.is.yes"), ("where", "username.begins.ana")]
        ),
        PAGE,
    )

    links = [[chip.url for chip in group] for group in editor.groups]

    assert [follow(url).conditions for url in links[0]] == [[VERIFIED, ANA], [FRIENDS, ANA]]
    assert follow(links[1][0]).conditions == [{"any": [FRIENDS, VERIFIED]}]
    assert links[1][0].startswith("/people?sort=name&")
    assert [chip.joiner for group in editor.groups for chip in group] == ["", "or", "and"]


def test_stored_conditions_stand_until_the_form_says_otherwise():
    shown = forms.read(MultiDict(), SAVED, stored=[FRIENDS])
    dropped = forms.read(query(where="followers.more.50", drop="0.0"), SAVED, stored=[FRIENDS])
    emptied = forms.read(query(where=""), SAVED, stored=[FRIENDS])

    assert shown.conditions == [FRIENDS]
    assert (dropped.conditions, dropped.changed) == ([], True)
    assert emptied.conditions == []


@pytest.mark.parametrize("drop", ["7.0", "x", "0.9", "-1.0"])
def test_dropping_what_is_gone_changes_no_condition(drop: str):
    assert forms.read(query(where="followers.more.50", drop=drop), PAGE).conditions == [FRIENDS]


@pytest.mark.parametrize("place", [PAGE, SAVED])
def test_the_editor_is_drawn_with_links_or_buttons(app: Flask, place: forms.EditorPage):
    values = query(where="followers.more.50", field="first_seen", op="since", value="soon", add="1")
    with app.test_request_context():
        text = render_template("audience/_filter.html", editor=forms.read(values, place))

    assert "more than 50" in text
    assert 'aria-label="Remove followers more than 50"' in text
    assert "Write a day as 2026-11-24." in text
    assert 'value="soon"' in text
    assert ('name="drop" value="0.0"' in text) is (place is SAVED)
