"""What is wrong with a page: with what somebody typed, and with what would go online."""

from urllib.parse import urlsplit

from webapp.acquisition import content
from webapp.acquisition.content import Content, Words
from webapp.acquisition.models import AcquisitionPage
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import languages
from webapp.services.channel import declared

LONGEST_TITLE = 120
LONGEST_TEXT = 4_000
LONGEST_LINE = 300
LONGEST_ADDRESS = 2_000


def faults(draft: Content, words: Words) -> dict[str, str]:
    """Return a sentence for each value that cannot be kept, by the fields of the editor."""
    limits = {
        "title": LONGEST_TITLE,
        "text": LONGEST_TEXT,
        "alt": LONGEST_LINE,
        "thanks": LONGEST_TEXT,
    }
    found = {name: _too_long(getattr(words, name), most) for name, most in limits.items()}
    for name, purpose in words.purposes.items():
        found[f"purpose-{name}"] = _too_long(purpose, LONGEST_LINE)
    for scope, agreement in words.agreements.items():
        found[f"agreement-{scope}"] = _too_long(agreement, LONGEST_LINE)
    for name in ("privacy_url", "thanks_url"):
        address = getattr(draft, name)
        found[name] = _address_fault(address) if address else ""
    if draft.starts_at and draft.ends_at and draft.ends_at <= draft.starts_at:
        found["ends_day"] = _("This is not after the beginning.")
    return {name: fault for name, fault in found.items() if fault}


def obstacles(draft: Content) -> list[str]:
    """Return, as sentences, what keeps a draft from going online."""
    found = []
    if not draft.privacy_url:
        found.append(_("Write the address of your privacy notice."))
    if not draft.fields and not draft.scopes:
        found.append(_("Ask for something: a field, or a way to write to people."))
    for code in draft.languages:
        number = len(content.lacking(draft, code))
        if number:
            named = languages.name(code)
            found.append(_("Words are missing in %(language)s: %(n)s.", language=named, n=number))
    return found


@requires(Permission.VIEW)
def warnings(runtime: Runtime, page: AcquisitionPage, draft: Content) -> list[str]:
    """Return, as sentences, what the rules of the network mind about the words of a draft."""
    kind = page.service.kind
    channel = runtime.registry.get(kind) if runtime.registry.has(kind) else None
    if channel is None:
        return []
    found = []
    for code in draft.languages:
        words = draft.in_language(code)
        said = "\n".join([words.title, words.text, words.thanks, *words.agreements.values()])
        found += [item.message for item in declared.page_findings(channel, said)]
    return list(dict.fromkeys(found))


def _too_long(text: str, most: int) -> str:
    if len(text) <= most:
        return ""
    return _("This is too long: at most %(n)s characters.", n=most)


def _address_fault(address: str) -> str:
    if len(address) > LONGEST_ADDRESS:
        return _too_long(address, LONGEST_ADDRESS)
    try:
        parts = urlsplit(address)
        sound = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        sound = False
    if sound and address.isprintable() and " " not in address:
        return ""
    return _("Write the whole address, such as https://shop.example/privacy.")
