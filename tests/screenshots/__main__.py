"""Takes pictures of every page with lively data: `./run screenshots [FOLDER] [--keep]`."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select

from tests.screenshots import kept, scene, tour
from tests.screenshots.places import Place, places
from tests.screenshots.stage import FOLLOWERS, Stage, stage
from tests.support.browser import serving
from webapp.operators.authentication import sessions
from webapp.operators.models import Operator

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "var" / "screenshots"


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures; return 1 when a page is broken or too wide."""
    told = _parser().parse_args(arguments)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="fanfare-stage-") as folder,
        stage(Path(folder), followers=told.followers) as on,
        serving(on.app) as site,
        chromium() as browser,
    ):
        scene.play(on)
        found = chosen(on, told.only)
        print(f"{time.monotonic() - began:5.1f} s  the scene is set, {len(found)} pages")
        wrong = tour.everything(browser, site, found, told.folder)
        if told.keep:
            kept.refresh(browser, site, found, ROOT / "docs" / "screens")
    print(f"{time.monotonic() - began:5.1f} s  pictures are in {told.folder}")
    print("\n".join(wrong) or "No page is broken, and none scrolls sideways.")
    return 1 if wrong else 0


def chosen(on: Stage, only: str) -> list[Place]:
    """Return the pages whose name holds `only`."""
    found = places(on.app, on.runtime, logged_in(on))
    on.runtime.session.commit()
    return [place for place in found if only in place.name]


def logged_in(on: Stage) -> FlaskClient:
    """Return a client of the administrator."""
    operator = on.runtime.session.scalars(
        select(Operator).where(Operator.email == scene.EMAIL)
    ).one()
    _session, token = sessions.begin(on.runtime, operator, agent="", address="192.0.2.9")
    client = on.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that the tests use, too."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--keep", action="store_true", help="refresh the pictures of docs/screens")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--followers", type=int, default=FOLLOWERS)
    return parser


if __name__ == "__main__":
    # What is asked to end removes its folder like what Ctrl-C ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
