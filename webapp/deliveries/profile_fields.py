"""What a text may say of the profile of its reader: `{profile.first_name}`, `{profile.company}`.

The token of a field of the team's own is made of its name, which never changes. Nothing is read
where no text asks for it. Values are private: they go to their own person and into no post.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, func, literal, select

from webapp.audience.models import Visitor
from webapp.deliveries import whole
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.drafts.content import PROFILE
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Delivery, Message
from webapp.deliveries.targeting import target
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import fields, values
from webapp.profiles.fields import OWN, Label
from webapp.profiles.models import OwnField, Profile, ProfileLink

# What people are called, and how they are reached; the others are for finding them.
TOLD = ("first_name", "last_name", "email", "phone")
# Of such names no two have one token.
PLAIN = re.compile(r"[^\W_]+(?: [^\W_]+)*")
NUMBERED = re.compile(r"own_\d+")
# A token has at most 40 signs.
LONGEST = 40 - len(PROFILE)
Told = Mapping[str, str]
NOTHING: Told = {}


@requires(Permission.VIEW)
def known(runtime: Runtime) -> dict[str, Label]:
    """Return the fields that texts may name by their tokens."""
    found = {f"{PROFILE}{label.name}": label for label in fields.built_in() if label.name in TOLD}
    for row in fields.own(runtime):
        found[_token(row)] = Label(name=f"{OWN}{row.code}", words=row.name)
    return found


def _token(row: OwnField) -> str:
    """Return the token of a field, which depends on no other field.

    Names may differ in signs alone. If the newer one got the token of an older one that was
    removed, a text that was confirmed before would say something else to everybody.
    """
    word = row.key.replace(" ", "_")
    taken = word in fields.BUILT_IN or NUMBERED.fullmatch(word)
    named = PLAIN.fullmatch(row.key) and len(word) <= LONGEST and not taken
    return f"{PROFILE}{word if named else f'own_{row.code}'}"


def used(said: Iterable[str]) -> list[str]:
    """Return the tokens of profiles in some texts, each once."""
    named = (name for text in said for name in texts.names(text) if texts.of_profile(name))
    return list(dict.fromkeys(named))


def of_people(
    runtime: Runtime, said: Iterable[str], people: Collection[Visitor]
) -> dict[int, Told]:
    """Return what texts say of the profiles of some people, by their ids."""
    wanted = used(said)
    if not wanted or not people:
        return {}
    rows = select(ProfileLink.visitor_id, Profile).join(Profile)
    found = runtime.session.execute(
        rows.where(ProfileLink.visitor_id.in_([person.id for person in people]))
    )
    labels = known(runtime)
    return {number: _told(profile, wanted, labels) for number, profile in found}


def of_person(runtime: Runtime, said: Iterable[str], person: Visitor | None) -> Told:
    """Return what texts say of the profile of one person; nothing where they have none."""
    return of_people(runtime, said, [person]).get(person.id, NOTHING) if person else NOTHING


def of_reader(runtime: Runtime, said: Iterable[str], message: InHand) -> Told:
    """Return what texts say of the profile of whoever a message is to."""
    wanted = used(said)
    if not wanted:
        return NOTHING
    own = (
        select(Profile)
        .join(ProfileLink)
        .join(Message, Message.visitor_id == ProfileLink.visitor_id)
        .where(Message.id == message.id)
        # It may have been changed while this delivery was going out.
        .execution_options(populate_existing=True)
    )
    profile = runtime.session.scalar(own)
    return _told(profile, wanted, known(runtime)) if profile else NOTHING


def _told(profile: Profile, wanted: Iterable[str], labels: Mapping[str, Label]) -> Told:
    said = values.of(profile)
    return {
        token: said[labels[token].name]
        for token in wanted
        if token in labels and labels[token].name in said
    }


def answering(told: Told, link: Callable[[str], str]) -> Callable[[str], str]:
    """Return what fills a text beside the person themself: their profile, and their links."""
    return lambda name: told.get(name, "") if texts.of_profile(name) else link(name)


def longest(runtime: Runtime, delivery: Delivery, most: int = 5) -> list[Visitor]:
    """Return who of a target reads most of their profile in a delivery; nobody where none does."""
    labels = known(runtime)
    said = [labels[name] for name in used(whole.fillable(delivery)) if name in labels]
    if not said or not delivery.kind.has_fields:
        return []
    people = (
        target.matching(delivery, Visitor)
        .join(ProfileLink, ProfileLink.visitor_id == Visitor.id)
        .join(Profile, Profile.id == ProfileLink.profile_id)
        .where(target.reason(delivery) == literal(""))
    )
    size = sum((func.length(_text(label)) for label in said), literal(0))
    return list(runtime.session.scalars(people.order_by(size.desc(), Visitor.id).limit(most)))


def is_told(label: Label) -> ColumnElement[bool]:
    """Return the condition that a visitor has a profile that says something in a field."""
    linked = select(ProfileLink.visitor_id).join(Profile)
    return Visitor.id.in_(linked.where(_text(label) != ""))


def _text(label: Label) -> ColumnElement[str]:
    """Return what profiles say in a field, as SQL; empty for nothing."""
    own = label.name.removeprefix(OWN)
    text = Profile.own[own].as_string() if own != label.name else getattr(Profile, own)
    return func.coalesce(text, "")
