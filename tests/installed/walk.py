"""The example at work, run by the environment's own Python: pages, sync, a post, a letter.

Prints what it saw as JSON. Argument: the address of the board; its wrong and its right token.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from runpy import run_path

from flask import Flask
from flask.testing import FlaskClient

import webapp
from webapp.app import create_app, runtime_of
from webapp.audience.models import Visitor
from webapp.deliveries import analysis
from webapp.deliveries.approval import confirm
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import DeliveryKind, Message
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import setup_token
from webapp.system.processes import scheduler
from webapp.workflows import control
from webapp.workflows.models import Workflow

# The environment that runs this knows no package of tests.
QUEUES = Path(__file__).parents[1] / "support" / "queues.py"
ADMIN = {"name": "Ines", "email": "ines@fanfare.example", "password": "a long made-up password"}


def work(job: str, *arguments: int | str) -> None:
    """Do at once what a worker would do."""
    module, _, name = job.rpartition(".")
    getattr(import_module(module), name)(*arguments)


def settle(runtime: Runtime) -> None:
    """Tick until nothing is due."""
    while scheduler.tick(runtime, "walk"):
        runtime.session.expire_all()


def connect(browser: FlaskClient, address: str, token: str) -> tuple[int, str]:
    """Send the settings page as an operator does."""
    sent = {
        "label": "Board",
        "internal_name": "ateliernord",
        "folder": "Services",
        "visitor_folder": "Visitors",
        "sync_subscriptions": "y",
        "daily_cap": "250",
        "channel-address": address,
        "channel-token": token,
    }
    answer = browser.post("/services/new/notice", data=sent)
    return answer.status_code, answer.text


def synchronise(runtime: Runtime) -> int:
    """Run the workflow of the channel and return how many people are known then."""
    workflow = runtime.session.query(Workflow).filter_by(kind="notice").one()
    control.run_now(runtime, workflow.id)
    settle(runtime)
    return runtime.session.query(Visitor).filter_by(kind="notice").count()


def send(runtime: Runtime, kind: DeliveryKind, text: str) -> list[str]:
    """Send a delivery and return the states of its messages."""
    new = editing.NewDelivery(kind=kind, channel="notice", label=text, service_ids=[1])
    delivery = editing.create(runtime, new)
    editing.edit(runtime, delivery.id, editing.DeliveryChanges(content=text))
    analysis.start(runtime, delivery.id)
    settle(runtime)
    codes = [item["code"] for item in analysis.warnings(delivery)]
    confirm.confirm(runtime, delivery.id, codes)
    settle(runtime)
    rows = runtime.session.query(Message).filter_by(delivery_id=delivery.id)
    return [row.state.value for row in rows]


def walk(app: Flask, address: str, wrong: str, right: str) -> dict:
    """Do the whole main job on the board."""
    browser = app.test_client()
    with app.app_context():
        token = setup_token.token(app.extensions["fanfare"].settings)
        browser.post("/setup", data=ADMIN | {"token": token})
        seen = {
            "webapp": str(webapp.__file__),
            "form": browser.get("/services/new/notice").text,
            "refused": connect(browser, address, wrong),
            "connected": connect(browser, address, right)[0],
        }
        runtime = runtime_of(app, trusted("walk"))
        return seen | {
            "people": synchronise(runtime),
            "post": send(runtime, DeliveryKind.POST, "Spring is here."),
            "direct": send(runtime, DeliveryKind.DIRECT, "Hi, spring is here. {opt_out_line}"),
            "pages": [
                browser.get(path).status_code
                for path in ("/services", "/services/1", "/services/1/account", "/workflows")
            ],
            "plugins": browser.get("/settings/plugins").text,
        }


if __name__ == "__main__":
    made = create_app(Settings.from_env(), queue=run_path(str(QUEUES))["InlineQueue"](work))
    made.config.update(WTF_CSRF_ENABLED=False)
    print(json.dumps(walk(made, *sys.argv[1:])))
    with made.app_context():
        db.session.remove()
