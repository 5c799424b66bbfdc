"""The probes: whether this process lives, for supervisors, and can serve, for load balancers."""

from flask import g, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from webapp.kernel import faults, schema
from webapp.kernel.db import db
from webapp.kernel.i18n import _
from webapp.kernel.processes import storage
from webapp.operators.access import Permission, needs
from webapp.system.views.blueprint import blueprint


@blueprint.get("/livez")
@needs(Permission.PUBLIC)
def lives() -> ResponseReturnValue:
    """Answer 200 as long as this process answers at all: to start it again would mend no more."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
@blueprint.get("/healthz")
@needs(Permission.PUBLIC)
def alive() -> ResponseReturnValue:
    """Answer 200 when this process can serve; otherwise 503 with one sentence."""
    reason = _fault()
    if reason:
        return jsonify(ok=False, reason=reason), 503
    return jsonify(ok=True)


def _fault() -> str:
    """Return why nothing can be shown or saved; empty when all can be."""
    try:
        schema.refuse_unfit(db.engine)
    except (schema.Unfit, DBAPIError) as fault:
        return faults.sentence(fault) or _("It is in the log.")
    return storage.disk_fault(g.runtime.settings) or storage.database_fault(db.engine)
