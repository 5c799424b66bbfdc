"""What people read so far, version by version: what each changed, and its way back to the draft."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.acquisition import asked, content, pages
from webapp.acquisition.content import PLAIN, Content
from webapp.acquisition.models import AcquisitionPage, AcquisitionVersion
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import date_zone
from webapp.profiles import languages
from webapp.profiles.reconciliation.reconcile import Mode

WORDS = {
    "title": lazy_gettext("Title"),
    "text": lazy_gettext("Text"),
    "alt": lazy_gettext("What the picture shows"),
    "thanks": lazy_gettext("Words of thanks"),
}
SCOPES = {"messages": lazy_gettext("Direct messages"), "email": lazy_gettext("E-mail")}
MODES = {
    Mode.AUTOMATIC: lazy_gettext("e-mail, then names and birthday"),
    Mode.MANUAL: lazy_gettext("an operator decides"),
    Mode.NONE: lazy_gettext("everybody becomes a new profile"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was; empty where there was, or is, nothing."""

    what: str
    before: str
    after: str


@requires(Permission.VIEW)
def one(runtime: Runtime, page: AcquisitionPage, number: int) -> AcquisitionVersion:
    """Return a version of a page; raise `NotFound`."""
    found = runtime.session.get(AcquisitionVersion, (page.id, number))
    if found is None:
        raise NotFound(_("The page has no such version."))
    return found


@requires(Permission.VIEW)
def differences(
    runtime: Runtime, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> Sequence[Difference]:
    """Return what one document of a page says otherwise than the one before."""
    names = {item.name: item.words for item in asked.every(runtime)}
    old = dict(_lines(content.read(before), names)) if before else {}
    new = dict(_lines(content.read(after), names))
    return [
        Difference(what=what, before=old.get(what, ""), after=new.get(what, ""))
        for what in dict.fromkeys([*new, *old])
        if old.get(what, "") != new.get(what, "")
    ]


@requires(Permission.WRITE)
def restore(runtime: Runtime, page_id: int, number: int, edition: int) -> AcquisitionPage:
    """Let the draft say what a version said; what people read does not change by it."""
    page = pages.locked(runtime, page_id, edition)
    version = one(runtime, page, number)
    pages.keep(runtime, page, content.read(version.content))
    # The version that is online would go online as it is.
    page.changed = number != page.number
    runtime.record("acquisition_page.restore", page, version=number)
    runtime.session.commit()
    return page


def _lines(kept: Content, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield all that a page says, each with what it is called."""
    yield _("Languages"), ", ".join(languages.name(code) for code in kept.languages)
    for code in kept.languages:
        yield from _words(kept, code, names)
    yield _("Asked"), ", ".join(names.get(name, name) for name in kept.fields)
    yield _("Agreements"), ", ".join(str(SCOPES[scope.value]) for scope in kept.scopes)
    yield _("Privacy notice"), kept.privacy_url
    yield _("Where the thanks lead"), kept.thanks_url
    # Two pictures differ by their bytes alone, of which a person reads a part of the hash.
    yield _("Picture"), kept.picture[:12]
    yield _("Begins"), date_zone(kept.starts_at) if kept.starts_at else ""
    yield _("Ends"), date_zone(kept.ends_at) if kept.ends_at else ""
    yield _("Whose data these are"), str(MODES[kept.mode])


def _words(kept: Content, code: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    words, language = kept.in_language(code), languages.name(code)
    for name in PLAIN:
        yield f"{WORDS[name]}, {language}", str(getattr(words, name))
    for name in kept.fields:
        what = _("Why %(field)s, %(language)s", field=names.get(name, name), language=language)
        yield what, words.purposes.get(name, "")
    for scope in kept.scopes:
        yield f"{SCOPES[scope.value]}, {language}", words.agreements.get(scope.value, "")
