"""The sentences of the product in the reader's language; the one typed door to Flask-Babel.

Use-cases may use it too: outside a request it speaks English.
"""

from typing import Any

import flask_babel


def _(text: str, **values: Any) -> str:
    """Translate `text` and fill in `%(name)s` values."""
    return str(flask_babel.gettext(text, **values))


def plural(one: str, many: str, num: int, **values: Any) -> str:
    """Translate by number; `%(num)s` is the number."""
    return str(flask_babel.ngettext(one, many, num, **values))


def later(text: str, **values: Any) -> Any:
    """Translate when it is shown, for texts made while modules load: labels of forms."""
    return flask_babel.lazy_gettext(text, **values)
