"""The probe of load balancers and supervisors."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from webapp.kernel.db import db
from webapp.operators.access import Permission, needs
from webapp.system.views.blueprint import blueprint


@blueprint.get("/healthz")
@needs(Permission.PUBLIC)
def alive() -> ResponseReturnValue:
    """Answer 200 when this process can read its database; tell nothing else to strangers."""
    db.session.execute(text("SELECT 1"))
    return jsonify(ok=True)
