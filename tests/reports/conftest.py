import csv
import io
import re

import pytest

from channels import Accepts, Feature
from tests.support.deliveries import sent
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking.models import ClickCount, ClickKind, TrackedLink

TEXT = "See https://shop.example/spring . {opt_out_line}"


@pytest.fixture(autouse=True)
def takes_links(network: FakeNetwork) -> None:
    """Let the network take links that lead elsewhere."""
    network.accepts = Accepts(features={Feature.LINKS})


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


@pytest.fixture
def spring(runtime: Runtime, service: Service) -> Delivery:
    """A delivery to four people of whom one clicked twice, and a machine once."""
    delivery = sent(runtime, service, people=4, content=TEXT)
    clicked(runtime, delivery, service, readers=1, clicks=2)
    return delivery


def clicked(
    runtime: Runtime, delivery: Delivery, service: Service, *, readers: int, clicks: int
) -> None:
    """Write what counters say after readers clicked, and a machine did once."""
    link = TrackedLink(
        delivery_id=delivery.id,
        digest=f"d{delivery.id}",
        address="https://shop.example/spring",
        personal=False,
        made_at=runtime.now(),
    )
    found = runtime.session.query(TrackedLink).filter_by(delivery_id=delivery.id).first() or link
    runtime.session.add(found)
    runtime.session.flush()
    hour = int(runtime.now().timestamp()) // 3600
    for kind, number, people in (
        (ClickKind.PERSON, clicks, readers),
        (ClickKind.FETCHER, 1, 0),
    ):
        runtime.session.add(
            ClickCount(
                link_id=found.id,
                service_id=service.id,
                hour=hour,
                kind=kind,
                number=number,
                readers=people,
                newcomers=people,
            )
        )
    runtime.session.commit()


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def rows(sheet: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.lstrip("\ufeff"))))
