"""Keeps the family of a kind in a row: by its name."""

from sqlalchemy import Dialect, Enum, TypeDecorator

from webapp.deliveries import kinds
from webapp.deliveries.kinds.base import DeliveryKind


class KindName(TypeDecorator[DeliveryKind]):
    """Stores the name of a family of kinds and gives its object back."""

    impl = Enum
    cache_ok = True

    def __init__(self) -> None:
        """Let a row hold these names and no other."""
        super().__init__(
            *(kind.name for kind in kinds.EVERY),
            native_enum=False,
            create_constraint=True,
            length=24,
            name="deliverykind",
        )

    def process_bind_param(self, value: DeliveryKind | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the name that is stored."""
        return value.family.name if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> DeliveryKind | None:  # noqa: ARG002
        """Return the object of a stored name."""
        return next((kind for kind in kinds.EVERY if kind.name == value), None)
