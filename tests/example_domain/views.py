"""The page of the reminders."""

from flask import Blueprint

from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs

blueprint = Blueprint("reminders", __name__, template_folder="templates")


@blueprint.get("/reminders")
@needs(Permission.VIEW)
def index():
    """List what is to be remembered."""
    return htmx.render("reminders/index.html", reminders=["Water the horns."])
