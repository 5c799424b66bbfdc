"""The editor of conditions, for any page that asks for people.

A view makes a `EditorPage` (its own address and what else stands in it), reads the editor from the
values it was sent, and draws it with `templates/audience/_filter.html`:

    place = EditorPage(action=url_for("audience.visitors"), keep=[("sort", "name")])
    editor = read(request.args, place)             # or read(request.form, place, stored)
    editor.conditions                              # what filters.where() takes
    editor.status                                  # 422 when something cannot be read, else 200
    editor.changed, editor.url                     # a condition was added or taken away: save it
                                                   # or redirect there

    {% with editor=editor %}{% include 'audience/_filter.html' %}{% endwith %}

Everything works by links and one form without JavaScript. Wrapped in an element with `hx-boost`,
`hx-target` and `hx-select` only that part of the page changes. A place whose method is `post`
(conditions kept in a row, not in the address) sends `where`, and `drop` or `add`, to its action;
`stored` is what is shown while the address says nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, SelectField, StringField

from webapp.audience import filters
from webapp.audience.filters import Condition, url_codec
from webapp.audience.filters.fields import FIELDS, Field, FieldType, not_words, op_words
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.text.formats import zone
from webapp.kernel.web.forms import show, text
from webapp.kernel.web.htmx import FORM_ERROR

Values = MultiDict[str, str]
ANCHOR = "filter"


class ConditionForm(Form):
    """One condition that is being written; its field was chosen before."""

    field = HiddenField()
    op: Any = SelectField(lazy_gettext("Comparison"), validate_choice=False)
    value: Any = StringField(lazy_gettext("Value"))
    join = SelectField(lazy_gettext("Joined by"), validate_choice=False)

    def condition(self) -> Condition:
        """Return what was written; raise `Invalid` with a sentence for each field at fault."""
        op = text(self.op)
        leaf = {"field": text(self.field), "op": op.removeprefix("!"), "value": text(self.value)}
        filters.read(leaf)
        here = filters.pinned([leaf], zone())[0]
        return {"not": here} if op.startswith("!") else here


class YesForm(ConditionForm):
    """A condition that holds or does not."""

    op: Any = HiddenField(default="is")
    value: Any = SelectField(lazy_gettext("Value"), validate_choice=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorPage:
    """The page an editor stands on: its address, and what else its address says."""

    action: str
    keep: Sequence[tuple[str, str]] = ()
    method: str = "get"

    def url(self, conditions: Sequence[Condition], *more: tuple[str, str]) -> str:
        """Return the address of the page with these conditions."""
        said = [("where", url_codec.spell(item)) for item in conditions]
        # An address without conditions says so where others are stored.
        said = said or [("where", "")] * (self.method == "post")
        query = urlencode([*self.keep, *said, *more])
        return f"{self.action}?{query}" if query else self.action


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One condition in two parts, with what stands before it and how it is taken away."""

    joiner: str
    label: str
    rest: str
    url: str
    drop: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A condition of the address that cannot be read, why, and the address without it."""

    text: str
    why: str
    url: str


@dataclass(slots=True, kw_only=True)
class Editor:
    """Conditions, and the one that is being written; see the top of this module."""

    place: EditorPage
    conditions: list[Condition] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    form: ConditionForm | None = None
    changed: bool = False

    @property
    def status(self) -> int:
        """The status of a page that shows this editor."""
        return FORM_ERROR if self.unread or (self.form and self.form.errors) else 200

    @property
    def url(self) -> str:
        """The address of the page with these conditions."""
        return self.place.url(self.conditions)

    @property
    def spelled(self) -> list[str]:
        """The conditions as hidden inputs hold them."""
        return [url_codec.spell(item) for item in self.conditions]

    @property
    def groups(self) -> list[list[Chip]]:
        """The conditions as chips; those of one list are joined by *or*."""
        return [list(self._chips(number)) for number in range(len(self.conditions))]

    def _chips(self, place: int) -> Iterator[Chip]:
        for index, item in enumerate(filters.members(self.conditions[place])):
            label, rest = filters.parts_in_words(item)
            yield Chip(
                joiner=_("or") if index else _("and") if place else "",
                label=label,
                rest=rest,
                url=self.place.url(filters.without(self.conditions, place, index)),
                drop=f"{place}.{index}",
            )

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be filtered by: words, and the address that asks for the rest."""
        return [
            (known.label(), f"{self.place.url(self.conditions, ('field', name))}#{ANCHOR}")
            for name, known in FIELDS.items()
        ]


def read(values: Values, place: EditorPage, stored: Sequence[Condition] = ()) -> Editor:
    """Read the conditions of an address or a form, and add or take away the one it asks for."""
    editor = Editor(place=place)
    if "where" in values:
        _read_all(editor, [item for item in values.getlist("where") if item])
    else:
        editor.conditions = list(stored)
    _drop(editor, values.get("drop", ""))
    if values.get("field"):
        _write(editor, values)
    return editor


def _read_all(editor: Editor, spelled: Sequence[str]) -> None:
    faults: list[tuple[str, str]] = []
    for item in spelled:
        try:
            editor.conditions.append(url_codec.read(item))
        except Invalid as fault:
            faults.append((item, fault.message))
    without = editor.place.url(editor.conditions)
    editor.unread = [Unread(text=item, why=why, url=without) for item, why in faults]


def _drop(editor: Editor, drop: str) -> None:
    place, _dot, member = drop.partition(".")
    if place.isdecimal() and member.isdecimal():
        editor.conditions = filters.without(editor.conditions, int(place), int(member))
        editor.changed = True


def _write(editor: Editor, values: Values) -> None:
    """Open the form of a condition, and add it when it was sent and can be read."""
    known = FIELDS.get(values["field"])
    if known is None:
        why = _("There is no such field to filter by.")
        editor.unread.append(Unread(text=values["field"], why=why, url=editor.url))
        return
    form = _form(known, values)
    editor.form = form
    if "add" in values:
        _add(editor, form)


def _add(editor: Editor, form: ConditionForm) -> None:
    try:
        conditions = filters.joined(editor.conditions, form.condition(), text(form.join))
        filters.where(conditions)
    except Invalid as fault:
        show(form, fault.fields or {"value": fault.message})
        return
    editor.conditions, editor.form, editor.changed = conditions, None, True


def _form(known: Field, values: Values) -> ConditionForm:
    """Return the form for one field, with the operators and the input its values need."""
    form = (YesForm if known.shape is FieldType.YES else ConditionForm)(values)
    opposites = known.ops if known.shape is FieldType.TEXT else ()
    form.op.choices = [(op, op_words(op)) for op in known.ops]
    form.op.choices += [(f"!{op}", not_words(op)) for op in opposites]
    form.op.label.text = known.label().capitalize()
    form.join.choices = [("and", _("and")), ("or", _("or"))]
    if isinstance(form, YesForm):
        form.value.choices = [("yes", _("yes")), ("no", _("no"))]
        form.value.label.text = known.label().capitalize()
    else:
        form.value.description = _hint(known.shape)
    return form


def _hint(shape: FieldType) -> str:
    return {FieldType.NUMBER: _("A whole number."), FieldType.DAY: _("A day as 2026-11-24.")}.get(
        shape, ""
    )
