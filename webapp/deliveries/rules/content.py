"""Rules about the text."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from channels import Finding, Level
from webapp.audience import own_words
from webapp.deliveries import content as texts
from webapp.deliveries import skeleton
from webapp.deliveries.models import Delivery
from webapp.deliveries.rules.facts import Facts
from webapp.kernel.formats import number
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _, plural

PERSONAL = frozenset({"first name", "full name", "username"})


def _finding(code: str, level: Level, message: str) -> Finding:
    return Finding(code=code, level=level, message=message, step="content")


def not_empty(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """There is something to say beside fields, and beside what a template gave."""
    own = texts.FIELD.sub("", facts.delivery.content).strip()
    if not own:
        yield _finding("empty", Level.ERROR, _("There is no text yet."))
    elif facts.direct and not _written(runtime, facts.delivery):
        message = _("Nothing is written between the greeting and the opt-out line.")
        yield _finding("untouched", Level.ERROR, message)


def _written(runtime: Runtime, delivery: Delivery) -> bool:
    template = delivery.template
    if template and skeleton.untouched(delivery.content, template.content):
        return False
    return skeleton.says_something(delivery.content, own_words.ear(runtime).listener)


def fields_known(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Every word between braces is a field, and a post has none of a person's."""
    known = texts.fields()
    names = texts.names(facts.delivery.content)
    wrong = [name for name in names if name not in known]
    if wrong:
        message = _(
            "There is no field %(wrong)s. The fields are %(known)s.",
            wrong=", ".join(f"{{{name}}}" for name in dict.fromkeys(wrong)),
            known=", ".join(f"{{{name}}}" for name in known),
        )
        yield _finding("unknown_field", Level.ERROR, message)
    elif names and not facts.direct:
        message = _("A post is for everybody; {%(name)s} cannot be filled.", name=names[0])
        yield _finding("field_in_post", Level.ERROR, message)


def fields_filled(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Nobody reads an empty field."""
    if not facts.direct or PERSONAL.isdisjoint(texts.names(facts.delivery.content)):
        return
    if facts.nameless and texts.stands_alone(facts.delivery.content, "first name"):
        message = plural(
            "%(num)s person has no first name, so their message will not go out. Give the field a "
            "word for them, such as {first name|there}.",
            "%(num)s people have no first name, so their messages will not go out. Give the field "
            "a word for them, such as {first name|there}.",
            facts.nameless,
        )
        yield _finding("empty_field", Level.WARNING, message)
    else:
        yield _finding("fields", Level.PASSED, _("All fields filled"))


def no_markup(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Nothing looks like markup, which would be shown as it stands."""
    found = texts.markup(facts.delivery.content)
    if found:
        message = _("“%(what)s” looks like markup and would be shown as it is.", what=found[0])
        yield _finding("markup", Level.WARNING, message)


def length(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The longest message is not too long."""
    used, limit = facts.longest.length, facts.longest.limit
    if used > limit:
        message = plural(
            "The longest message is %(used)s of %(limit)s. Take out %(num)s character.",
            "The longest message is %(used)s of %(limit)s. Take out %(num)s characters.",
            used - limit,
            used=number(used),
            limit=number(limit),
        )
        yield _finding("too_long", Level.ERROR, message)
    elif used:
        told = {"used": number(used), "limit": number(limit)}
        message = _("Length: %(used)s of %(limit)s", **told)
        if facts.direct:
            message = _("Longest message: %(used)s of %(limit)s", **told)
        yield _finding("length", Level.PASSED, message)


def opt_out_line(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """A direct message says how to end the messages."""
    if not facts.direct:
        return
    text = facts.delivery.content
    listener = own_words.ear(runtime).listener
    if "opt-out line" in texts.names(text) or listener.offers(texts.FIELD.sub(" ", text)):
        yield _finding("opt_out", Level.PASSED, _("Opt-out line present"))
    else:
        message = _("The text does not say how to stop these messages. Insert {opt-out line}.")
        yield _finding("no_opt_out", Level.WARNING, message)


def link_shape(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Links are whole addresses."""
    for link in texts.links(facts.delivery.content):
        host = urlsplit(link).hostname or ""
        if "." not in host:
            message = _("The link %(link)s has no complete address.", link=link)
            yield _finding("link", Level.WARNING, message)


def not_alike(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The same text does not go out from several accounts at once."""
    if facts.direct or len(facts.delivery.services) < 2:  # noqa: PLR2004 - several are two
        return
    message = _("Several accounts publish the same text, which networks may count as spam.")
    yield _finding("same_text", Level.WARNING, message)


def network_rules(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Ask the channel what the network would refuse or mind."""
    part = facts.channel.directs if facts.direct else facts.channel.posts
    if part is not None:
        known = {"too_long", "empty"}
        yield from (item for item in part.check(facts.content) if item.code not in known)
