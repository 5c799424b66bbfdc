"""The settings form of a channel: plain fields are kept as JSON, secrets apart and encrypted."""

from collections.abc import Collection

from wtforms import Form, PasswordField
from wtforms.validators import Optional


class SecretField(PasswordField):
    """A field whose value is stored encrypted and never shown again.

    Left empty on an edit it keeps what is stored.
    """


class SettingsForm(Form):
    """The fields a channel asks for when an account is connected."""

    def secrets(self) -> dict[str, str]:
        """Return the secrets that were typed, by field name; empty ones are left out."""
        return {
            field.short_name: field.data.strip()
            for field in self
            if isinstance(field, SecretField) and field.data and field.data.strip()
        }

    def settings(self) -> dict[str, object]:
        """Return the plain settings by field name; every value must be JSON."""
        return {
            field.short_name: field.data for field in self if not isinstance(field, SecretField)
        }

    def keep(self, stored: Collection[str]) -> None:
        """Let the secrets named in `stored` stay empty: what is stored is kept."""
        for field in self:
            if isinstance(field, SecretField) and field.short_name in stored:
                field.validators = [Optional()]
                field.flags.required = False

    @classmethod
    def secret_names(cls) -> tuple[str, ...]:
        """Return the names of the secret fields in their order."""
        return tuple(field.short_name for field in cls() if isinstance(field, SecretField))
