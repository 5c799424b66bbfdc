"""The log: what each line tells, for people and programs, and how a fault that lasts is told."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.cli import environ_of
from webapp.kernel.config.settings import Settings
from webapp.kernel.logging import log_context, logs
from webapp.operators.access import Permission, needs

log = logging.getLogger("webapp.some.part")
LINE = re.compile(
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 (WARNING|ERROR) webapp\.some\.part (.*)$"
)


@pytest.fixture
def own() -> Iterator[None]:
    """The handlers of this process as they were before."""
    root = logging.getLogger()
    before = [*root.handlers]
    yield
    root.handlers = before


def written(form: str, act: Callable[[], None]) -> list[str]:
    """The lines that something leaves in a log that was just started."""
    with redirect_stderr(io.StringIO()) as said:
        logs.start(form)
        act()
    return said.getvalue().splitlines()


def test_a_line_has_its_time_with_the_zone_its_level_and_its_origin(own: None):
    lines = written("text", lambda: log.warning("Something is %s.", "odd"))

    assert [LINE.match(line)[2] for line in lines] == ["Something is odd."]


def test_a_line_names_the_job_it_belongs_to(own: None):
    def act() -> None:
        with log_context.working("send_delivery(12) 5f0c"):
            log.warning("Inside.")
        log.warning("Outside.")

    assert [LINE.match(line)[2] for line in written("text", act)] == [
        "[job send_delivery(12) 5f0c] Inside.",
        "Outside.",
    ]


def test_json_holds_the_same_one_object_a_line_also_with_a_trace(own: None):
    def act() -> None:
        with log_context.working("run_workflow(3) 77"):
            log.error("It failed\nbadly.", exc_info=KeyError("lost"))

    (line,) = written("json", act)
    found = json.loads(line)

    assert found["time"].endswith("+00:00")
    assert found["level"] == "ERROR"
    assert found["origin"] == "webapp.some.part"
    assert found["job"] == "run_workflow(3) 77"
    assert found["message"] == "It failed\nbadly."
    assert "KeyError: 'lost'" in found["trace"]


def test_a_fault_that_lasts_is_told_once_a_minute_with_how_often_it_came_back(
    own: None, monkeypatch: pytest.MonkeyPatch
):
    now = 1000.0
    monkeypatch.setattr(logs.time, "monotonic", lambda: now)

    def act() -> None:
        nonlocal now
        for _time in range(300):
            log.warning("The broker does not answer; again in %d seconds.", _time)
            now += 0.5

    lines = [LINE.match(line)[2] for line in written("text", act)]

    assert lines == [
        "The broker does not answer; again in 0 seconds.",
        "(119 times more in the last minute) The broker does not answer; again in 120 seconds.",
        "(119 times more in the last minute) The broker does not answer; again in 240 seconds.",
    ]


def test_another_fault_is_told_at_once_beside_one_that_lasts(own: None):
    def act() -> None:
        for fault in (KeyError("a"), KeyError("a"), ValueError("a")):
            log.error("It failed.", exc_info=fault)
        log.error("Something else.")

    assert sum(bool(LINE.match(line)) for line in written("text", act)) == 3


@pytest.mark.parametrize(
    ("proxies", "told", "kept"),
    [(1, "abc-123", True), (1, "two\x20words", False), (0, "abc-123", False)],
)
def test_a_request_has_an_id_which_a_trusted_proxy_may_give(
    settings: Settings,
    proxies: int,
    told: str,
    kept: object,
):
    app = Flask("alone")
    log_context.init(app, proxies=proxies)
    app.add_url_rule("/", view_func=log_context.request_id)

    answer = app.test_client().get("/", headers={log_context.HEADER: told})

    assert answer.headers[log_context.HEADER] == answer.text
    assert (answer.text == told) is kept
    assert log_context.FIT.fullmatch(answer.text)


def test_what_fails_in_a_request_is_logged_with_the_id_the_browser_was_told(
    app: Flask, client: FlaskClient, own: None, monkeypatch: pytest.MonkeyPatch
):
    @needs(Permission.PUBLIC)
    def bug() -> None:
        raise KeyError("a bug")

    monkeypatch.setitem(app.view_functions, "system.alive", bug)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answers = []
    lines = written("json", lambda: answers.append(client.get("/healthz")))

    assert answers[0].status_code == 500
    (told,) = [json.loads(line) for line in lines]
    assert told["request_id"] == answers[0].headers[log_context.HEADER]


@pytest.mark.parametrize("form", logs.FORMATS)
def test_the_processes_write_their_log_as_the_setting_says(settings: Settings, form: str):
    code = (
        "import logging, webapp.wsgi;logging.getLogger('gunicorn.error').error('Something is odd.')"
    )
    plain = {name: text for name, text in os.environ.items() if not name.startswith("FANFARE_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**plain, **environ_of(settings), "FANFARE_LOG_FORMAT": form},
        capture_output=True,
        text=True,
        check=True,
    )

    (line,) = done.stderr.splitlines()
    assert "Something is odd." in line
    assert line.startswith("{") is (form == "json")
