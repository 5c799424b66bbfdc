"""The forms of a person's card."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from webapp.kernel.forms import SHORT
from webapp.kernel.words import later

NEEDED = DataRequired(later("This is needed."))
LONGEST_PROOF = 2000


class OptInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Where and how somebody agreed to messages; one form for each account of the card."""

    proof = TextAreaField(
        later("Proof"),
        [
            NEEDED,
            Length(
                max=LONGEST_PROOF,
                message=later("This is too long: at most %(n)s characters.", n=LONGEST_PROOF),
            ),
        ],
        description=later("Where, when and to which words the person agreed."),
        render_kw={"rows": 3},
    )


class MoveForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The folder a person belongs in; a new name makes a new folder."""

    folder = StringField(
        later("Folder"),
        [NEEDED, SHORT],
        render_kw={"list": "folders", "autocomplete": "off"},
    )
