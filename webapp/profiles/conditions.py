"""What people can be filtered by beside what networks tell: the profile that they are."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from webapp.audience.filters.fields import Field, FieldType, add, on_text
from webapp.audience.models import Visitor
from webapp.kernel.i18n import _
from webapp.profiles.models import Profile, ProfileLink, ProfileTag, Tag


def _is(*tests: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a visitor is a profile that passes some tests."""
    linked = select(ProfileLink.visitor_id)
    if tests:
        linked = linked.join(Profile, Profile.id == ProfileLink.profile_id).where(*tests)
    return Visitor.id.in_(linked)


def _has_profile(_op: str, wanted: bool) -> ColumnElement[bool]:  # noqa: FBT001 - a field's value
    return _is() if wanted else ~_is()


def _has_email(_op: str, wanted: bool) -> ColumnElement[bool]:  # noqa: FBT001 - as above
    known = _is(Profile.email_key != "")
    return known if wanted else ~known


def _language(op: str, value: Any) -> ColumnElement[bool]:
    # Kept as pt-BR, and asked for in small letters.
    return _is(on_text(func.lower(Profile.language))(op, value))


def _tag(op: str, value: Any) -> ColumnElement[bool]:
    tagged = select(ProfileTag.profile_id).join(Tag, Tag.id == ProfileTag.tag_id)
    return _is(Profile.id.in_(tagged.where(on_text(Tag.key)(op, value))))


def init(_app: object) -> None:
    """Let conditions ask for these; an application more of the same process changes nothing."""
    add(
        "has_profile",
        Field(label=lambda: _("has a profile"), shape=FieldType.YES, sql=_has_profile),
    )
    add(
        "profile_email",
        Field(label=lambda: _("gave an e-mail address"), shape=FieldType.YES, sql=_has_email),
    )
    add(
        "profile_language",
        Field(label=lambda: _("language of the profile"), shape=FieldType.TEXT, sql=_language),
    )
    add("profile_tag", Field(label=lambda: _("tag of the profile"), shape=FieldType.TEXT, sql=_tag))
