"""The entry of a WSGI server: `webapp.wsgi:app`."""

import os
import sys

from flask import Flask

from webapp.app import create_app, instance_of
from webapp.kernel import schema
from webapp.kernel.db import db
from webapp.kernel.faults import sentence
from webapp.kernel.instance import read_settings
from webapp.kernel.logging import logs
from webapp.kernel.processes import presence
from webapp.system.processes.worker import settle
from webapp.tracking import collector

# With this code gunicorn takes the application for broken and stops, instead of trying for ever.
CANNOT_START = 4


def start() -> Flask:
    """Make the application, or end the process with a sentence that says why it cannot serve."""
    # What an instance keeps is nobody else's to read, whoever started the web server.
    os.umask(0o077)
    try:
        settings = read_settings()
        logs.start(settings.log_format)
        made = create_app(settings)
        with made.app_context():
            schema.refuse_unfit(db.engine)
            # A connection must not be shared with the processes that are forked afterwards.
            db.engine.dispose()
    except Exception as fault:
        said = sentence(fault)
        if said is None:
            raise
        sys.stderr.write(f"fanfare: {said}\n")
        sys.exit(CANNOT_START)
    presence.tell_on(instance_of(made), "web")
    collector.begin(made)
    settle()
    return made


app = start()
