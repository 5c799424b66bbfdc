"""The factory: the web application as a list of steps."""

from pathlib import Path
from urllib.parse import quote

from flask import Flask, g, request
from sqlalchemy.engine import URL, make_url

import channels
import webapp
from webapp import domains
from webapp.kernel import charts
from webapp.kernel.audit import ANONYMOUS, Actor
from webapp.kernel.catalogues import Speaking
from webapp.kernel.config.home import ui_dir
from webapp.kernel.config.instance_files import refuse_absent, secret_key, sqlite_file
from webapp.kernel.config.settings import Settings, SettingsError
from webapp.kernel.db import Base, db, reading
from webapp.kernel.db.hints import HINTING
from webapp.kernel.domain import Domain, Domains
from webapp.kernel.instance import Instance, make_instance
from webapp.kernel.logging import log_context
from webapp.kernel.plugins.registry import Registry
from webapp.kernel.processes.queue import JobQueue
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import formats
from webapp.kernel.web import assets, compression, htmx, inputs, security
from webapp.operators import auth

__all__ = ["Base", "create_app", "instance_of", "runtime_of"]


def create_app(
    settings: Settings, *, registry: Registry | None = None, queue: JobQueue | None = None
) -> Flask:
    """Make the application; raise `SettingsError` when the surroundings are wrong."""
    check_neighbours()
    refuse_absent(settings)
    app = Flask("webapp", template_folder=ui_dir() / "templates", static_folder=ui_dir() / "static")
    app.config["SECRET_KEY"] = secret_key(settings)
    brought = Domains(domains.DOMAINS)
    app.extensions["fanfare"] = make_instance(
        settings, registry=registry, queue=queue, domains=brought
    )
    _database(app, settings)
    _language(app)
    log_context.init(app, proxies=settings.proxies)
    _requests(app)
    security.init(app, settings, instance_of(app).registry.image_hosts())
    for part in (htmx, inputs, formats, charts, assets, compression):
        part.init(app)
    for domain in brought:
        _join(app, domain)
    return app


def _join(app: Flask, domain: Domain) -> None:
    """Let a domain set itself up, and add its pages; what else it brings is asked for later."""
    if domain.start:
        domain.find(domain.start)(app)
    if domain.blueprint:
        app.register_blueprint(domain.find(domain.blueprint))


def instance_of(app: Flask) -> Instance:
    """Return the instance that `app` serves."""
    found: Instance = app.extensions["fanfare"]
    return found


def runtime_of(app: Flask, actor: Actor) -> Runtime:
    """Return a runtime on the session of the running application context."""
    return instance_of(app).runtime(db.session(), actor)


def check_neighbours() -> None:
    """Refuse to start when another distribution's `channels` stands in the way of ours."""
    homes = {Path(str(item.__file__)).resolve().parents[1] for item in (channels, webapp)}
    if len(homes) > 1:
        places = " and ".join(sorted(str(home) for home in homes))
        raise SettingsError(
            [
                f"The packages channels and webapp come from different places ({places}). "
                "Another distribution installed a package named channels; use an environment "
                "of Fanfare's own."
            ]
        )


def _database(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = _address(settings)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "hide_parameters": True,  # A logged error shows no value of a row.
    }
    db.init_app(app)


def _address(settings: Settings) -> str:
    """Return the address of the database; a file of SQLite that went away is not made anew."""
    file = sqlite_file(settings)
    if file is None:
        return settings.database
    if "uri=" in settings.database:
        return make_url(settings.database).set(drivername=HINTING).render_as_string()
    query = {"mode": "rw", "uri": "true"}
    address = URL.create(HINTING, database=f"file:{quote(str(file))}", query=query)
    return address.render_as_string()


def _language(app: Flask) -> None:
    def zone() -> str:
        operator = auth.current_operator()
        return operator.time_zone if operator else instance_of(app).settings.time_zone

    def language() -> str:
        operator = auth.current_operator()
        return operator.language if operator else "en"

    Speaking(app, locale_selector=language, timezone_selector=zone)


def _requests(app: Flask) -> None:
    """Give each request its runtime; a request that may not write shares the database."""

    @app.before_request
    def begin() -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            g.reading = reading()
            g.reading.__enter__()
        g.runtime = runtime_of(app, ANONYMOUS)

    @app.teardown_request
    def end(_fault: BaseException | None) -> None:
        scope = g.pop("reading", None)
        if scope:
            db.session.remove()
            scope.__exit__(None, None, None)
