"""A page as it is drawn: before somebody signs in, while they are asked, and when they are thanked.

Operators see the same in the editor as people see later, made of the draft and of nobody's data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from babel import Locale, UnknownLocaleError
from sqlalchemy import select

from webapp.acquisition import asked, content
from webapp.acquisition.content import Content, Words
from webapp.acquisition.models import AcquisitionPage
from webapp.audience.models import ConsentScope
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import languages


class Stage(StrEnum):
    """How far somebody is on a page."""

    BEFORE = "before"
    ASKED = "asked"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who signed in, as the page greets them."""

    name: str
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedField:
    """A field as it is asked: what it says now, whether somebody chose it, and what is wrong.

    `told` is a value that is shown and not typed; `withheld` one that the network may not tell.
    """

    field: asked.Field
    purpose: str
    value: str = ""
    # The same in words, where it is a code.
    shown: str = ""
    told: bool = False
    withheld: bool = False
    chosen: bool = False
    fault: str = ""

    @property
    def id(self) -> str:
        """How its inputs are named."""
        return self.field.name.replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedScope:
    """A way to write to somebody, as it is asked; `held` where they agreed to it before."""

    scope: ConsentScope
    agreement: str
    chosen: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that the template of a page reads."""

    page: AcquisitionPage
    channel: str
    content: Content
    words: Words
    language: str
    stage: Stage
    fields: Sequence[AskedField]
    scopes: Sequence[AskedScope]
    person: Person | None = None
    # Whether somebody reads it who can answer, and not an operator who looks how it will be.
    is_live: bool = False
    # What is to be said on top.
    note: str = ""

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The languages of the page, each as those who read it call it."""
        return [(code, native_name(code)) for code in self.content.languages]

    @property
    def account_name(self) -> str:
        """What the account is called."""
        return str(self.page.service.account.get("name") or self.page.service.label)


def native_name(code: str) -> str:
    """Return what a language is called by those who read it; its code where nobody knows."""
    try:
        found = Locale.parse(code, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return code
    return found or code


def language_of(kept: Content, wanted: Sequence[str]) -> str:
    """Return the language of a page for somebody who reads these, the dearest first."""
    known = {code.lower(): code for code in kept.languages}
    for code in wanted:
        found = known.get(code.lower())
        if found:
            return found
        base = code.lower().split("-")[0]
        for other in kept.languages:
            if other.lower().split("-")[0] == base:
                return other
    return kept.languages[0]


@requires(Permission.PUBLIC)
def fields_of(
    runtime: Runtime, kept: Content, words: Words, values: Mapping[str, str]
) -> list[AskedField]:
    """Return the fields that a page asks, in their order, with what is known of somebody."""
    return [
        AskedField(
            field=item,
            purpose=words.purposes.get(item.name, ""),
            value=values.get(item.name, ""),
            shown=languages.name(values[item.name]) if _is_code(item.name, values) else "",
            told=bool(values.get(item.name)),
        )
        for item in asked.every(runtime)
        if item.name in kept.fields
    ]


def _is_code(name: str, values: Mapping[str, str]) -> bool:
    """Tell whether a value is a code, which people read in words."""
    return name == "language" and bool(values.get(name))


def scopes_of(kept: Content, words: Words) -> list[AskedScope]:
    """Return the ways to write to people that a page asks for."""
    return [
        AskedScope(scope=scope, agreement=words.agreements.get(scope.value, ""))
        for scope in kept.scopes
    ]


@requires(Permission.PUBLIC)
def drawn(
    runtime: Runtime,
    /,
    page: AcquisitionPage,
    kept: Content,
    language: str,
    stage: Stage,
    **more: Any,
) -> View:
    """Return a page at one of its stages, of nobody unless `more` says of whom."""
    words = kept.in_language(language)
    given: dict[str, Any] = {
        "fields": fields_of(runtime, kept, words, {}),
        "scopes": scopes_of(kept, words),
    }
    return View(
        page=page,
        channel=channel_label(runtime, page),
        content=kept,
        words=words,
        language=language,
        stage=stage,
        **given | more,
    )


def channel_label(runtime: Runtime, page: AcquisitionPage) -> str:
    """Return what the network of a page is called."""
    kind = page.service.kind
    return runtime.registry.get(kind).label if runtime.registry.has(kind) else kind


@requires(Permission.VIEW)
def preview(runtime: Runtime, page: AcquisitionPage, language: str, stage: Stage) -> View:
    """Return the draft of a page as somebody would see it who is nobody."""
    return _sample(runtime, page, language, stage)


@requires(Permission.PUBLIC)
def by_key(runtime: Runtime, page: AcquisitionPage, language: str, stage: Stage) -> View:
    """Return the same for whoever holds the private link."""
    return _sample(runtime, page, language, stage)


def _sample(runtime: Runtime, page: AcquisitionPage, language: str, stage: Stage) -> View:
    draft = content.read(page.draft)
    code = language if language in draft.languages else draft.languages[0]
    words = draft.in_language(code)
    known = {asked.NAME: _("Their name"), "language": code}
    known |= {"email": _("Their e-mail address")}
    person = Person(name=_("Their name"), handle=_("their username"))
    return drawn(
        runtime,
        page,
        draft,
        code,
        stage,
        fields=fields_of(runtime, draft, words, known),
        person=person if stage is Stage.ASKED else None,
    )


@requires(Permission.PUBLIC)
def with_key(runtime: Runtime, key: str) -> AcquisitionPage:
    """Return the page whose private link somebody holds; raise `NotFound`."""
    found = runtime.session.scalar(
        select(AcquisitionPage).where(AcquisitionPage.preview_key == key)
    )
    if found is None:
        raise NotFound(_("There is no such page."))
    return found
