"""No test may store a sentence: it would be read in the language of whoever wrote it.

Every sentence of the product remembers that it is one (`channels/sentences.py`), so each test that
stores anything shows that codes and values are stored. Names that people give are no sentences.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from channels.sentences import Sentence
from webapp.kernel.db import Json
from webapp.kernel.text.notices import Notice


class StoredSentence(AssertionError):
    """A sentence was about to be stored."""


def sentences_in(value: Any) -> Iterable[str]:
    """Yield every sentence in a value that is to be stored, however deep."""
    if isinstance(value, Sentence | Notice):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from sentences_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from sentences_in(item)


def refuse(value: Any, what: str) -> None:
    for sentence in sentences_in(value):
        raise StoredSentence(f"{what} would hold {sentence!r}: store a code with its values.")


def _of_statement(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
    if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE"):
        refuse(values, statement.split("SET", maxsplit=1)[0].split("VALUES", maxsplit=1)[0][:200])


def _of_documents(session: Session, *_more: Any) -> None:
    """Look into documents before they become text."""
    for row in (*session.new, *session.dirty):
        for column in row.__table__.columns:
            if column.type is Json:
                name = f"{row.__tablename__}.{column.name}"
                refuse(getattr(row, column.key), name)


@pytest.fixture(scope="session", autouse=True)
def no_sentence_is_stored() -> None:
    """Look at all that is written while tests run."""
    event.listen(Engine, "before_cursor_execute", _of_statement)
    event.listen(Session, "before_flush", _of_documents)
