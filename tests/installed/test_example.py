"""The wheels in a clean environment: the example works, a broken plugin harms nobody."""

import os
import re
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.example_channel import noticeboard
from tests.installed.conftest import EXAMPLE, Installed
from tests.support.servers import held_port

pytestmark = pytest.mark.slow

WALK = Path(__file__).with_name("walk.py")
GUNICORN = ("-m", "gunicorn", "webapp.wsgi:app")
STARTS_WITHIN = 60


@pytest.fixture(scope="module")
def board():
    with noticeboard.running() as board:
        board.write("Hello", noticeboard.PEOPLE[0])
        board.write("Stop.", noticeboard.PEOPLE[1])
        yield board


@pytest.fixture(scope="module")
def seen(installed: Installed, board: noticeboard.Noticeboard) -> dict:
    return installed.json("python", WALK, board.address, "tok-wrong", noticeboard.TOKEN)


def test_the_example_is_one_file_of_at_most_a_hundred_lines():
    assert len((EXAMPLE / "fanfare_notice.py").read_text().splitlines()) <= 100


def test_the_walk_ran_on_what_was_installed(installed: Installed, seen: dict):
    assert seen["webapp"].startswith(str(installed.home))


def test_its_settings_page_asks_for_what_the_channel_needs(seen: dict):
    assert 'name="channel-address"' in seen["form"]
    assert re.search(r'type="password"[^>]*name="channel-token"|name="channel-token"', seen["form"])


def test_a_wrong_token_is_refused_by_a_sentence_that_does_not_show_it(seen: dict):
    status, page = seen["refused"]

    assert status == 422
    assert "Noticeboard does not accept the keys of this account." in page
    assert "tok-wrong" not in page


def test_it_connects_and_brings_its_people(seen: dict):
    assert seen["connected"] == 303
    assert seen["people"] == len(noticeboard.PEOPLE)


def test_a_post_is_published_once(seen: dict, board: noticeboard.Noticeboard):
    assert seen["post"] == ["sent"]
    assert [row["text"] for row in board.notices] == ["Spring is here."]


def test_a_letter_goes_to_whoever_wrote_first_and_not_to_whoever_wrote_stop(
    seen: dict, board: noticeboard.Noticeboard
):
    assert seen["direct"].count("sent") == 1
    assert [row["to"] for row in board.letters] == [noticeboard.PEOPLE[0]["id"]]


def test_its_pages_are_the_core_s_own(seen: dict):
    assert seen["pages"] == [200] * 4


def test_the_plugins_page_shows_it_and_the_broken_one(seen: dict):
    assert "fanfare-notice" in seen["plugins"]
    assert (
        "register_chanels is not a hook of Fanfare. Did you mean register_channels?"
        in (seen["plugins"])
    )


def test_the_command_line_lists_it_and_the_broken_one(installed: Installed):
    rows = {row["name"]: row for row in installed.json("fanfare", "plugin", "list", "--json")}

    assert {name: row["state"] for name, row in rows.items()} == {
        "broken": "failed",
        "notice": "active",
        "x": "active",
    }
    assert (rows["notice"]["channels"], rows["notice"]["version"]) == ("notice", "1.0")


def test_the_command_line_checks_each_with_its_exit_code(installed: Installed):
    good = installed.run("fanfare", "plugin", "check", "notice")
    bad = installed.run("fanfare", "plugin", "check", "broken")

    assert good.returncode == 0, good.stdout + good.stderr
    assert "form: asks for address, token" in good.stdout
    assert bad.returncode == 1
    assert "FAULT  loads: register_chanels is not a hook" in bad.stdout


def test_the_wheel_holds_the_product_and_nothing_else(installed: Installed):
    names = zipfile.ZipFile(installed.wheel).namelist()
    tops = {name.split("/")[0] for name in names}

    assert tops == {"channels", "plugins", "webapp", "fanfare-0.1.0.dist-info"}
    for needed in (
        "webapp/_ui/templates/base.html",
        "webapp/_ui/static/css/base.css",
        "webapp/migrations/env.py",
        "channels/py.typed",
        "channels/testing/contract.py",
        "plugins/x/templates/channels/x/help.html",
    ):
        assert needed in names, needed
    assert [name for name in names if "test_" in name or name.startswith("tests")] == []


def test_the_wheel_names_no_host_and_no_folder_of_the_machine_that_built_it(installed: Installed):
    bundle = zipfile.ZipFile(installed.wheel)
    meta = bundle.read("fanfare-0.1.0.dist-info/METADATA").decode()
    here = str(EXAMPLE.parents[1]).encode()

    assert [name for name in bundle.namelist() if here in bundle.read(name)] == []
    assert "index-url" not in meta
    assert " @ " not in meta, "A dependency names an address."


@pytest.fixture
def served(installed: Installed) -> Iterator[str]:
    """The address at which the environment's own gunicorn serves the product."""
    with held_port() as port:
        bind = f"127.0.0.1:{port}"
        server = subprocess.Popen(
            [installed.home / "bin" / "python", *GUNICORN, "--bind", bind],
            cwd=installed.home,
            env={**installed.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield f"http://{bind}"
        finally:
            server.terminate()
            server.wait(timeout=60)


@pytest.mark.usefixtures("seen")
def test_the_installed_product_serves_the_log_in_page(served: str):
    page = fetched(f"{served}/login")
    sheet = re.search(r'href="(/static/css/[^"]+)"', page.text)

    assert 'name="password"' in page.text
    assert sheet is not None
    assert requests.get(served + sheet[1], timeout=10).status_code == 200


def fetched(url: str) -> requests.Response:
    """Ask until the server answers."""
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends:
        try:
            return requests.get(url, timeout=10)
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"Nothing answers at {url} in process {os.getpid()}.")
