"""What a browser sends, made fit for the database before any view reads it."""

from typing import Any

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter

from webapp.kernel.text.cleaning import LARGEST, clean


class Fields(ImmutableMultiDict[str, Any]):
    """The fields of an address or a form, their texts cleaned; files stay as they are."""

    def __init__(self, mapping: Any = None) -> None:
        """Take what was read from the request."""
        pairs = MultiDict(mapping).items(multi=True)
        super().__init__([(clean(name), _cleaned(value)) for name, value in pairs])


def _cleaned(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


class IdConverter(IntegerConverter):
    """A number in an address; one that no id can be leads nowhere."""

    # Python refuses to read thousands of digits, so they must not get that far.
    regex = r"\d{1,10}"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Bound the number, unless the rule does."""
        super().__init__(*arguments, **{"max": LARGEST} | named)


def init(app: Flask) -> None:
    """Clean what requests hold, and bound `<int:...>` in every address; routes come later."""
    # Stands on the class of requests that knows htmx.
    fields = {"parameter_storage_class": Fields}
    app.request_class = type("CleanRequest", (app.request_class,), fields)
    app.url_map.converters["int"] = IdConverter
