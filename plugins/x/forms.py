"""What X needs to connect an account without a sign-in: four OAuth 1.0a values of an app."""

from flask_babel import lazy_gettext as later
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp
from wtforms.widgets import HiddenInput

from channels import SecretField, SettingsForm

NEEDED = InputRequired(later("This is needed."))
SHORT = Length(max=200, message=later("At most 200 characters."))
# What is copied from a page brings quotes, blanks and ends of lines with it.
PRINTED = Regexp(
    r"\s*[!-~]*\s*\Z", message=later("These are letters, figures and signs without blanks.")
)


class XAppForm(SettingsForm):
    """The OAuth 2.0 client of the app that all accounts and people sign in to."""

    client_id = StringField(
        later("OAuth 2.0 client id"),
        [DataRequired(later("This is needed.")), SHORT, PRINTED],
        description=later("console.x.com, your app, “Keys and tokens”, below OAuth 2.0."),
        filters=[lambda text: (text or "").strip()],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    client_secret = SecretField(
        later("OAuth 2.0 client secret"),
        [SHORT, PRINTED],
        description=later("Shown once beside the client id; empty for a public client."),
    )


class XSettingsForm(SettingsForm):
    """The keys of the app and the token of the account; none is ever shown again."""

    # Set by the sandbox's own services; an operator never types it.
    sandbox = BooleanField(widget=HiddenInput())
    consumer_key = SecretField(
        later("Consumer key"),
        [NEEDED],
        description=later("console.x.com, your app, Keys and tokens: “API key”."),
    )
    consumer_secret = SecretField(
        later("Consumer secret"),
        [NEEDED],
        description=later("Shown once beside the consumer key: “API key secret”."),
    )
    access_token = SecretField(
        later("Access token"),
        [NEEDED],
        description=later("Made on the same page, after the permission was set."),
    )
    access_token_secret = SecretField(
        later("Access token secret"),
        [NEEDED],
        description=later("Shown once beside the access token."),
    )
    client_id = StringField(
        later("OAuth 2.0 client id"),
        [SHORT],
        description=later(
            "Only where this account has an app of its own; empty for the one of this instance."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    client_secret = SecretField(
        later("OAuth 2.0 client secret"),
        description=later("Shown once beside the client id. Needed to move away from four keys."),
    )
    foreign_app = BooleanField(
        later("The app belongs to another account"),
        description=later(
            "X then charges $0.010 for each follower read. Where this account owns the app on "
            "console.x.com, it charges $0.001."
        ),
    )
