"""Templates keep the strict policy, the translations, the forms' tokens and the kit."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "templates", *sorted(ROOT.glob("plugins/*/templates"))]
TEMPLATES = {
    str(path.relative_to(ROOT)): path.read_text()
    for folder in FOLDERS
    for path in sorted(folder.rglob("*.html"))
}
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
# Names and keys that no language translates.
NAMES = {"Fanfare", "Esc"}
# The key to these forms is in their address, which no other site knows.
KEY_IN_ADDRESS = "privacy.why_"
# What people send who are no operators: beginning a sign-in is harmless, and an answer carries a
# key of its own, which the browser of whoever signed in alone knows; a link in a mail is one, too.
OF_PEOPLE = "acquisition.public_"
SPOKEN = r'(?:aria-label|title|placeholder|alt)="([^"]*)"'


def each(pattern: str) -> Iterator[str]:
    """Every place where `pattern` occurs, as *file: text*."""
    for name, text in TEMPLATES.items():
        for found in re.finditer(pattern, text, re.IGNORECASE | re.DOTALL):
            yield f"{name}: {found[0][:80]}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles(app: Flask, name: str):
    app.jinja_env.parse(TEMPLATES[name])


def test_nothing_is_inline():
    assert list(each(r"<style|\sstyle\s*=")) == []
    assert list(each(r"<script(?![^>]*\ssrc=)")) == []
    assert list(each(r"<[^>{]*\son[a-z]+\s*=")) == []
    assert list(each(r"hx-on|javascript:")) == []


def test_nothing_is_fetched_from_elsewhere():
    assert list(each(r'(?:src|href)="(?:https?:)?//')) == []


def test_nothing_skips_the_escaping():
    assert list(each(r"\|\s*safe\b|autoescape")) == []


def test_what_morphs_names_the_extension_itself():
    """An answer may take away what asked for it, and with it what it would inherit."""
    assert list(each(r'<[^>]*hx-swap="morph(?<!hx-ext="morph" hx-swap="morph)')) == []


def test_what_changes_by_itself_is_morphed():
    """Any other swap would close menus, and take away the focus and what was typed."""
    asks = [
        tag
        for text in TEMPLATES.values()
        for tag in TAG.findall(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text))
        if 'hx-trigger="every' in tag
    ]

    assert len(asks) > 5
    assert [tag for tag in asks if 'hx-swap="morph' not in tag] == []


def test_every_dialog_has_a_part_that_is_read_aloud():
    """While a dialog is open, nothing outside of it is."""
    dialogs = [
        found
        for text in TEMPLATES.values()
        for found in re.findall(r"(?s)<dialog.*?</dialog>", text)
    ]

    assert len(dialogs) > 2
    assert [dialog for dialog in dialogs if 'role="status"' not in dialog] == []


def test_every_form_that_changes_something_carries_its_token():
    bare = [
        found
        for found in each(r'<form[^>]*method="post".*?</form>|<form[^>]*method="post".*\Z')
        if not re.search(r"csrf_token|hidden_tag", whole(found))
        and not any(name in whole(found) for name in (KEY_IN_ADDRESS, OF_PEOPLE))
    ]

    assert bare == []


def whole(found: str) -> str:
    """The full text of the form of which `found` is the beginning."""
    name, start = found.split(": ", 1)
    text = TEMPLATES[name]
    place = text.index(start)
    end = text.find("</form>", place)
    return text[place : end if end > 0 else None]


def test_every_picture_has_its_text():
    assert list(each(r"<img(?![^>]*\salt=)[^>]*>")) == []


def test_every_word_can_be_translated():
    untranslated = {
        name: words
        for name, text in TEMPLATES.items()
        if (words := set(re.findall(r"[^\W\d_]{2,}", visible(text))) - NAMES)
    }

    assert untranslated == {}


def visible(text: str) -> str:
    """What a reader sees or hears of a template that no `_()` produced."""
    plain = re.sub(r"<(code|kbd|svg|script)\b.*?</\1>", "", CODE.sub("", text), flags=re.DOTALL)
    spoken = " ".join(re.findall(SPOKEN, plain))
    return re.sub(r"&\w+;", " ", TAG.sub(" ", plain)) + " " + spoken


def test_every_class_of_ours_is_in_a_style_sheet():
    sheets = "\n".join(path.read_text() for path in (ROOT / "static").rglob("*.css"))
    known = set(re.findall(r"\.(ff-[\w-]+)", sheets))

    unknown = {
        name: found
        for name, text in TEMPLATES.items()
        if (found := set(re.findall(r"(?<![\w-])(ff-[\w-]*\w)(?![\w-]|\s*\{\{|' ~)", text)) - known)
    }

    assert unknown == {}


def test_every_icon_is_in_the_sprite():
    known = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons.svg").read_text()))
    call = r"\b(?:icon|sign)\(\s*'([\w-]+)'|\bsymbol='([\w-]+)'|: \('([\w-]+)', '\w*', _"

    unknown = {
        name: found
        for name, text in TEMPLATES.items()
        if (found := {hit for hits in re.findall(call, text) for hit in hits if hit} - known)
    }

    assert unknown == {}
