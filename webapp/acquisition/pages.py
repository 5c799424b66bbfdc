"""Pages are made, changed and looked for by operators."""

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from webapp.acquisition import asked, checking, content
from webapp.acquisition.content import Content, Words
from webapp.acquisition.models import AcquisitionPage, PageKind, PageState
from webapp.audience.models import ConsentScope
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.folding import fold
from webapp.kernel.i18n import _, in_language
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.lengths import length_fault
from webapp.profiles import fields
from webapp.services.connection import accounts

KEY_BYTES = 24
SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{1,58}[a-z0-9])")
LONGEST_SLUG = 50
MOST_LANGUAGES = 20
# What a page of each template asks at first; operators choose.
AT_FIRST = {PageKind.SHARE: ("name", "email"), PageKind.FORM: ("name", "email", "phone")}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPage:
    """What somebody chooses before a page is there."""

    kind: PageKind
    service_id: int
    label: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A page as somebody left it in the editor: what holds for all languages, and one of them."""

    edition: int
    label: str
    slug: str
    language: str
    words: Words
    # Everything but the words and the languages.
    content: Content


@requires(Permission.VIEW)
def every(runtime: Runtime) -> Sequence[AcquisitionPage]:
    """Return all pages, those that people read first."""
    order = {PageState.ONLINE: 0, PageState.DRAFT: 1, PageState.CLOSED: 2}
    rows = runtime.session.scalars(select(AcquisitionPage).order_by(AcquisitionPage.id.desc()))
    return sorted(rows, key=lambda row: order[row.state])


@requires(Permission.VIEW)
def get(runtime: Runtime, page_id: int) -> AcquisitionPage:
    """Return one page; raise `NotFound`."""
    found = runtime.session.get(AcquisitionPage, page_id)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


@requires(Permission.WRITE)
def create(runtime: Runtime, new: NewPage) -> AcquisitionPage:
    """Make a draft of a page from a template; raise `Invalid` by the field."""
    label = " ".join(new.label.split())
    faults = {"label": length_fault(label)}
    language = _language(new.language, faults, "language")
    service = accounts.get(runtime, new.service_id)
    _refuse(faults)
    page = AcquisitionPage(
        slug=_free_slug(runtime, label),
        kind=new.kind,
        service_id=service.id,
        label=label,
        state=PageState.DRAFT,
        draft=_first(new.kind, label, language, service.shown_name).kept(),
        preview_key=secrets.token_urlsafe(KEY_BYTES),
        created_at=runtime.now(),
        created_by=runtime.actor.name,
        changed_at=runtime.now(),
    )
    runtime.session.add(page)
    runtime.session.flush()
    runtime.record("acquisition_page.create", page, kind=new.kind.value)
    runtime.session.commit()
    return page


def _first(kind: PageKind, title: str, language: str, account: str) -> Content:
    """Return what a template begins with; nothing of it goes online unseen."""
    names = AT_FIRST[kind]
    with in_language(language.replace("-", "_")):
        words = Words(
            title=title,
            purposes={name: asked.usual_purpose(name) for name in asked.BUILT_IN},
            agreements={
                scope.value: asked.usual_agreement(scope, account) for scope in content.SCOPES
            },
        )
    return Content(
        languages=(language,),
        words={language: words},
        fields=names,
        scopes=(ConsentScope.MESSAGES,),
    )


@requires(Permission.WRITE)
def edit(runtime: Runtime, page_id: int, change: Change) -> AcquisitionPage:
    """Keep what somebody wrote; raise `Invalid` by the field, all that was typed being kept there.

    Raise `Conflict` where somebody changed the page since they saw it.
    """
    page = locked(runtime, page_id, change.edition)
    before = content.read(page.draft)
    if change.language not in before.languages:
        raise NotFound(_("The page is not in this language."))
    faults = {"label": length_fault(change.label)}
    _check_slug(runtime, page, change.slug, faults)
    faults |= checking.faults(change.content, change.words)
    _refuse(faults)
    whole = replace(
        change.content,
        languages=before.languages,
        words=before.words,
        picture=before.picture,
    )
    page.label, page.slug = " ".join(change.label.split()), change.slug
    keep(runtime, page, whole.with_words(change.language, change.words))
    runtime.record("acquisition_page.edit", page, language=change.language)
    runtime.session.commit()
    return page


def keep(runtime: Runtime, page: AcquisitionPage, draft: Content) -> None:
    """Write what a draft says from now on; the caller records and commits."""
    page.draft = draft.kept()
    page.edition += 1
    page.changed = True
    page.changed_at = runtime.now()


@requires(Permission.WRITE)
def add_language(runtime: Runtime, page_id: int, code: str, edition: int) -> str:
    """Let a page be in one more language, and return its code; raise `Invalid` for none."""
    faults: dict[str, str] = {}
    page = locked(runtime, page_id, edition)
    draft = content.read(page.draft)
    language = _language(code, faults, "code")
    if language in draft.languages:
        faults["code"] = _("The page is in this language already.")
    elif len(draft.languages) >= MOST_LANGUAGES:
        faults["code"] = _("A page is in at most %(n)s languages.", n=MOST_LANGUAGES)
    _refuse(faults)
    more = replace(draft, languages=(*draft.languages, language)).with_words(language, Words())
    keep(runtime, page, more)
    runtime.record("acquisition_page.add_language", page, language=language)
    runtime.session.commit()
    return language


@requires(Permission.WRITE)
def remove_language(runtime: Runtime, page_id: int, code: str, edition: int) -> None:
    """Take a language off a page with its words; raise `Conflict` for the last one."""
    page = locked(runtime, page_id, edition)
    draft = content.read(page.draft)
    left = tuple(language for language in draft.languages if language != code)
    if not left:
        raise Conflict(_("A page is in one language at least."))
    words = {language: draft.in_language(language) for language in left}
    keep(runtime, page, replace(draft, languages=left, words=words))
    runtime.record("acquisition_page.remove_language", page, language=code)
    runtime.session.commit()


@requires(Permission.WRITE)
def renew_link(runtime: Runtime, page_id: int, edition: int) -> None:
    """Make another private link to the draft; whoever holds the old one sees nothing any more."""
    page = locked(runtime, page_id, edition)
    page.preview_key = secrets.token_urlsafe(KEY_BYTES)
    page.edition += 1
    runtime.record("acquisition_page.renew_link", page)
    runtime.session.commit()


def locked(runtime: Runtime, page_id: int, edition: int) -> AcquisitionPage:
    """Return a page nobody else changes meanwhile; raise `Conflict` where somebody did before."""
    found = runtime.session.get(
        AcquisitionPage, page_id, with_for_update={"of": AcquisitionPage}, populate_existing=True
    )
    if found is None:
        raise NotFound(_("There is no such page."))
    if found.edition != edition:
        raise Conflict(_("Somebody changed this page meanwhile. Look at it again."))
    return found


def _language(code: str, faults: dict[str, str], name: str) -> str:
    try:
        found = fields.read("language", code)
    except fields.Wrong as wrong:
        faults[name] = fields.fault_words(wrong.fault)
        return ""
    if not found:
        faults[name] = fields.fault_words(fields.Fault.LANGUAGE)
    return found


def _check_slug(runtime: Runtime, page: AcquisitionPage, slug: str, faults: dict[str, str]) -> None:
    if slug == page.slug:
        return
    if page.number is not None:
        faults["slug"] = _("People have this address already, so it stays.")
    elif not SLUG.fullmatch(slug):
        faults["slug"] = _("Write 3 to 60 small letters, figures and dashes, such as spring-list.")
    elif slug in _taken(runtime, {slug}):
        faults["slug"] = _("Another page has this address.")


def _free_slug(runtime: Runtime, label: str) -> str:
    plain = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in fold(label))
    base = "-".join(plain.split())[:LONGEST_SLUG].strip("-")
    base = base if SLUG.fullmatch(base) else "page"
    names = [base, *(f"{base}-{number}" for number in range(2, 50))]
    taken = _taken(runtime, names)
    free = (name for name in names if name not in taken)
    return next(free, f"{base}-{secrets.token_hex(4)}")


def _taken(runtime: Runtime, names: Collection[str]) -> set[str]:
    rows = select(AcquisitionPage.slug).where(AcquisitionPage.slug.in_(names))
    return set(runtime.session.scalars(rows))


def _refuse(faults: dict[str, Any]) -> None:
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(_("Some of this cannot be kept."), found)
