"""Rules about the text."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from channels import Feature, Finding, Level
from webapp.audience import own_words
from webapp.deliveries import profile_fields, variants, whole, why
from webapp.deliveries.analysis.rules.facts import Facts, names_alone
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.drafts import skeleton
from webapp.deliveries.models import ContentPart, Delivery, DeliveryVariant
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.services.channel import declared

# Either of these fields tells how to end the messages.
ENDS = frozenset({texts.OPT_OUT_LINE, *texts.LINKS})


def _finding(code: str, level: Level, message: Notice) -> Finding:
    return Finding(code=code, level=level, message=message, step="content")


def not_empty(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Each part and variant says something beside fields, and beside what a template gave."""
    rows = facts.delivery.variants
    blank = [part for part in whole.parts(facts.delivery) if not _has_content(part)]
    if skeleton.is_empty(facts.delivery):
        yield _finding("empty", Level.ERROR, Notice("finding_empty"))
    elif blank:
        message = Notice("finding_empty_part", number=blank[0].position + 1)
        yield _finding("empty", Level.ERROR, message)
    elif facts.direct and not all(_written(runtime, facts.delivery, row) for row in rows):
        message = Notice("finding_untouched")
        yield _finding("untouched", Level.ERROR, message)


def _has_content(part: ContentPart) -> bool:
    return bool(part.media or part.text.strip())


def _written(runtime: Runtime, delivery: Delivery, variant: DeliveryVariant) -> bool:
    said, template = whole.joined(variant), delivery.template
    if template and skeleton.untouched(said, template.content):
        return False
    return skeleton.says_something(said, own_words.ear(runtime).listener)


def fields_known(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Every word between braces is a field, and a post has none of a person's."""
    known = [*texts.fields(), *profile_fields.known(runtime)]
    names = _names(facts.delivery)
    wrong = [name for name in names if name not in known]
    if wrong:
        message = Notice(
            "finding_unknown_field",
            wrong=", ".join(f"{{{name}}}" for name in dict.fromkeys(wrong)),
            known=", ".join(f"{{{name}}}" for name in known),
        )
        yield _finding("unknown_field", Level.ERROR, message)
    elif names and not facts.delivery.kind.has_fields:
        private = next(filter(texts.of_profile, names), "")
        code = "finding_profile_in_post" if private else "finding_field_in_post"
        message = Notice(code, name=private or names[0])
        yield _finding("field_in_post", Level.ERROR, message)


def _names(delivery: Delivery) -> list[str]:
    """Return the tokens of every part, wherever fields are filled in."""
    return [name for text in whole.fillable(delivery) for name in texts.names(text)]


def fields_filled(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Nobody reads an empty field."""
    if not facts.direct or texts.PERSONAL.isdisjoint(_names(facts.delivery)):
        return
    if facts.delivery.continuous and names_alone(facts.delivery):
        yield _finding("empty_field", Level.WARNING, Notice("finding_name_alone"))
    elif facts.nameless:
        message = Notice("finding_empty_field", num=facts.nameless)
        yield _finding("empty_field", Level.WARNING, message)
    else:
        yield _finding("fields", Level.PASSED, Notice("finding_fields"))


def no_markup(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Nothing looks like markup, which would be shown as it stands."""
    found = [what for text in facts.delivery.texts for what in texts.markup(text)]
    if found:
        message = Notice("finding_markup", what=found[0])
        yield _finding("markup", Level.WARNING, message)


def length(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The longest message is not too long."""
    used, limit = facts.longest.length, facts.longest.limit
    # Where the network counts something else than characters, it says what.
    of, more = ("_in", {"unit": str(facts.longest.unit)}) if facts.longest.unit else ("", {})
    if used > limit:
        over = used - limit
        message = Notice(f"finding_too_long{of}", num=over, used=used, limit=limit, **more)
        yield _finding("too_long", Level.ERROR, message)
    elif used:
        code = "finding_longest" if facts.direct else "finding_length"
        message = Notice(f"{code}{of}", used=used, limit=limit, **more)
        yield _finding("length", Level.PASSED, message)


def opt_out_line(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """A direct message says how to end the messages, whichever variant somebody gets."""
    if not facts.direct:
        return
    listener = own_words.ear(runtime).listener
    said = map(whole.joined, facts.delivery.variants)
    if all(
        not ENDS.isdisjoint(texts.names(text)) or listener.offers(texts.FIELD.sub(" ", text))
        for text in said
    ):
        yield _finding("opt_out", Level.PASSED, Notice("finding_opt_out"))
    else:
        message = Notice("finding_no_opt_out")
        yield _finding("no_opt_out", Level.WARNING, message)


def reader_links(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """People can open the pages behind the links of their own, and have one that ends messages.

    An address of this machine alone is enough for a sandbox.
    """
    if not facts.direct:
        return
    rehearsed = all(service.is_sandbox for service in facts.delivery.services)
    used = texts.LINKS & set(_names(facts.delivery))
    if not why.is_reached(runtime.settings, sandbox=rehearsed):
        for name in sorted(used):
            yield _finding(name, Level.ERROR, Notice(f"finding_{name}"))
    elif runtime.settings.public_url and not _all_have_a_link(facts):
        yield _finding("no_stop_link", Level.WARNING, Notice("finding_no_stop_link"))


def _all_have_a_link(facts: Facts) -> bool:
    """Tell whether every variant has one, or each message brings it beside its text."""
    if Feature.UNSUBSCRIBE in facts.delivery.kind.accepts(facts.channel).features:
        return True
    said = map(whole.joined, facts.delivery.variants)
    return all(not texts.LINKS.isdisjoint(texts.names(text)) for text in said)


def link_shape(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Links are whole addresses."""
    found = [link for text in facts.delivery.texts for link in texts.links(text)]
    for link in dict.fromkeys(found):
        host = urlsplit(link).hostname or ""
        if "." not in host:
            message = Notice("finding_link", link=link)
            yield _finding("link", Level.WARNING, message)


def not_alike(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The same text does not go out from several accounts at once."""
    accounts = facts.delivery.services
    chosen = {variants.chosen(facts.delivery, account.id) for account in accounts}
    if facts.direct or len(chosen) == len(accounts):
        return
    message = Notice("finding_same_text")
    yield _finding("same_text", Level.WARNING, message)


def subject(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """What has a subject has one in each variant."""
    if facts.delivery.kind.has_subject and not all(item.subject for item in facts.contents):
        yield _finding("no_subject", Level.ERROR, Notice("finding_no_subject"))


def taken(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The network takes all that the content has: its number of parts, its media, its subject."""
    accepts = facts.delivery.kind.accepts(facts.channel)
    for content in facts.contents:
        why = accepts.refusal(content)
        if why:
            yield _finding("not_taken", Level.ERROR, notices.of(why))
            return


def media_kept(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The file of each picture and film is there; without it the part would go out bare."""
    if not variants.is_kept(runtime, whole.parts(facts.delivery)):
        yield _finding("media_missing", Level.ERROR, Notice("finding_media_missing"))


def alt_texts(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Each picture has words for who does not see it."""
    shown = [item for part in whole.parts(facts.delivery) for item in part.media]
    silent = sum(not item.alt for item in shown)
    if silent:
        message = Notice("finding_no_alt", num=silent)
        yield _finding("no_alt", Level.WARNING, message)
    elif shown:
        yield _finding("no_alt", Level.PASSED, Notice("finding_alt"))


def network_rules(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Ask the channel what the network would refuse, or mind."""
    known = {item.code for rule in (not_empty, length) for item in rule(runtime, facts)}
    for content in facts.contents:
        found = declared.findings(facts.channel, facts.delivery.kind.part, content)
        yield from (item for item in found if item.code not in known)
