"""Fills the template slots of channels, so that one that fails takes no page along."""

import logging

from flask import Flask, g
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from webapp.kernel.plugins import admission

log = logging.getLogger(__name__)


def init(app: Flask) -> None:
    """Offer `slot(name, kind)` to every template: the channel's own file, or the core's."""

    @pass_context
    def slot(context: Context, name: str, kind: str) -> Markup:
        environment, given = context.environment, context.get_all()
        plain = f"channels/_{name}.html"
        own = environment.select_template([f"channels/{kind}/{name}.html", plain])
        try:
            return Markup(own.render(given))  # noqa: S704 - a template's own escaped text
        # The border to foreign code: a plugin's template may fail in any way.
        except Exception as fault:
            if own.name == plain:
                raise
            log.exception("The slot %s of %s failed.", name, kind)
            g.runtime.registry.record_failure(kind, f"{name}.html: {admission.sentence(fault)}")
            return Markup(environment.get_template(plain).render(given))  # noqa: S704 - as above

    app.jinja_env.globals["slot"] = slot
