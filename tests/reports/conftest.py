import csv
import io
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from channels import Accepts, Feature
from tests.support.deliveries import sent
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking import counting
from webapp.tracking.models import TrackedLink
from webapp.tracking.spool import Noted, new_key

TEXT = "See https://shop.example/spring . {opt_out_line}"


@pytest.fixture(autouse=True)
def takes_links(network: FakeNetwork) -> None:
    """Let the network take links that lead elsewhere."""
    network.accepts = Accepts(features={Feature.LINKS})


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Those of an instance that people reach, so that its links are counted."""
    return replace(settings, public_url="https://go.example")


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


@pytest.fixture
def spring(runtime: Runtime, service: Service) -> Delivery:
    """A delivery to four people of whom one clicked twice, and a machine once."""
    delivery = sent(runtime, service, people=4, content=TEXT)
    clicked(runtime, delivery, readers=1, clicks=2)
    return delivery


def clicked(runtime: Runtime, delivery: Delivery, *, readers: int, clicks: int) -> None:
    """Let so many of its readers follow its link, the first of them again, and a machine once."""
    link = runtime.session.scalars(
        select(TrackedLink).where(TrackedLink.delivery_id == delivery.id)
    ).one()
    wanted = select(Message.id).where(Message.delivery_id == delivery.id).order_by(Message.id)
    messages = runtime.session.scalars(wanted.limit(readers)).all()
    each = [*messages, *messages[:1] * (clicks - readers)]
    at = runtime.now().timestamp() + 60
    found = [noted(link.id, message, at) for message in each]
    counting.write(runtime, [*found, noted(link.id, messages[0], at, "named")])


def noted(link: int, message: int, at: float, rule: str = "") -> Noted:
    return Noted(key=new_key(), link_id=link, message_id=message, at=at, rule=rule)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def rows(sheet: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.lstrip("\ufeff"))))
