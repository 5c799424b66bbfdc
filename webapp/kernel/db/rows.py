"""Rows as plain values, for whoever is given a copy of them."""

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from webapp.kernel.db import Base


def plain(row: Base, *names: str) -> dict[str, Any]:
    """Return columns of a row as values that JSON knows; times are in UTC, as ISO 8601."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, str | Decimal) else value
