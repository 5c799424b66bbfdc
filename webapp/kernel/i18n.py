"""The sentences of the product in the reader's language; the one typed door to Flask-Babel.

Use-cases may use it too: outside a request it speaks English.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import flask_babel

from channels.sentences import Counted, Sentence, all_counted


def _(text: str, **values: Any) -> str:
    """Translate `text` and fill in `%(name)s` values."""
    return Sentence(text, **values)


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """Translate by number; `%(num)s` is the number."""
    return str(flask_babel.ngettext(one, many, Counted(num), **all_counted(values)))


def lazy_gettext(text: str, **values: Any) -> Any:
    """Translate when it is shown, for texts made while modules load: labels of forms."""
    return flask_babel.lazy_gettext(text, **all_counted(values))


def in_language(language: str) -> AbstractContextManager[None]:
    """Let the sentences made inside be in a language of their own, such as that of a recipient."""
    spoken: AbstractContextManager[None] = flask_babel.force_locale(language)
    return spoken


class Plural:
    """A sentence in two forms that is made by a number when it is shown."""

    __slots__ = ("many", "one")

    def __init__(self, one: str, many: str) -> None:
        """Keep the sources."""
        self.one, self.many = one, many

    def __call__(self, values: Mapping[str, Any]) -> str:
        """Return the form for the value `num`, filled in."""
        return str(flask_babel.ngettext(self.one, self.many, **all_counted(values)))


def later_plural(one: str, many: str) -> Plural:
    """Translate by number when it is shown, for sentences that stand in tables of modules."""
    return Plural(one, many)
