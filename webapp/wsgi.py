"""The entry of a WSGI server: `webapp.wsgi:app`."""

from webapp.app import create_app
from webapp.kernel.settings import Settings

app = create_app(Settings.from_env())
