"""The pages that are asked for, each with what the operator sends along."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from tests.bench.order import TEXT
from webapp.audience.models import Visitor
from webapp.deliveries.models import Audience, Delivery, DeliveryState, Message
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

LIST = "/audience/visitors"
THREE = "?where=may_be_messaged.is.yes&where=followers.more.500&where=!verified.is.yes"
FEW = 10


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is asked of the server; with `form` it is sent. `part` names the fragment alone.

    `then` is what the first page makes a browser ask for, once.
    """

    name: str
    path: str
    part: str = ""
    form: Mapping[str, Any] | None = None
    then: str = ""

    def of(self, client: FlaskClient, number: int) -> int:
        """Ask once and return the status; what is typed differs each time."""
        headers = {"HX-Request": "true", "HX-Target": self.part} if self.part else {}
        if self.then and number == 0:
            client.get(self.then, headers={"HX-Request": "true"})
        if self.form is None:
            return client.get(self.path, headers=headers).status_code
        typed = {**self.form, "content": f"{TEXT} {number}"}
        return client.post(self.path, data=typed, headers=headers).status_code


def all_of(runtime: Runtime) -> list[Ask]:
    """Return what is asked of a filled instance."""
    return [*_frame(runtime), *_people(runtime), *_drafts(runtime), *_deliveries(runtime)]


def _frame(runtime: Runtime) -> list[Ask]:
    service = runtime.session.scalars(select(Service.id).order_by(Service.id)).first()
    return [
        Ask(name="home", path="/"),
        Ask(name="home, polled", path="/", part="home"),
        Ask(name="service", path=f"/services/{service}"),
        Ask(name="report", path=f"/reports?account={service}"),
        Ask(name="report, a year", path=f"/reports?account={service}&days=364&beside=year"),
    ]


def _people(runtime: Runtime) -> list[Ask]:
    order = (Visitor.follower_count.is_(None), Visitor.follower_count.desc(), Visitor.id.desc())
    backwards = (Visitor.follower_count.is_not(None), Visitor.id)
    edge = select(Visitor.id).order_by(*backwards).offset(FEW).limit(1)
    first = runtime.session.scalar(select(Visitor.id).order_by(*order).limit(1))
    return [
        Ask(name="visitors", path=LIST, then=f"{LIST}/numbers"),
        Ask(name="visitors, a name", path=f"{LIST}?q=maria"),
        Ask(name="visitors, two words", path=f"{LIST}?q=maria+rosen"),
        Ask(name="visitors, two letters", path=f"{LIST}?q=ma"),
        Ask(name="visitors, typing", path=f"{LIST}?q=mar", part="searched"),
        Ask(name="visitors, by name", path=f"{LIST}?q=ma&sort=name&order=asc"),
        Ask(
            name="visitors, an account",
            path=f"{LIST}?service=1",
            then=f"{LIST}/numbers?service=1",
        ),
        Ask(name="three conditions", path=LIST + THREE),
        Ask(name="contains", path=f"{LIST}?where=full_name.contains.osen"),
        Ask(name="contains, of nobody", path=f"{LIST}?where=full_name.contains.zzq"),
        Ask(name="last page", path=f"{LIST}?after={runtime.session.scalar(edge)}"),
        Ask(name="card", path=f"{LIST}/{first}"),
    ]


def _drafts(runtime: Runtime) -> list[Ask]:
    found = []
    for audience in (Audience.EVERYONE, Audience.CONSENTED):
        wanted = select(Delivery.id).where(
            Delivery.audience == audience, Delivery.state == DeliveryState.DRAFT
        )
        path = f"/deliveries/{runtime.session.scalar(wanted.order_by(Delivery.id))}"
        found += [
            Ask(name=f"composer, {audience}", path=f"{path}/compose"),
            Ask(
                name=f"autosave, {audience}",
                path=f"{path}/compose",
                part="live",
                form={"step": "content"},
            ),
            Ask(name=f"exclusions, {audience}", path=f"{path}/exclusions"),
            Ask(name=f"left out, {audience}", path=f"{path}/exclusions?reason=wrote_stop"),
        ]
    return found


def _deliveries(runtime: Runtime) -> list[Ask]:
    found = [Ask(name="deliveries", path="/deliveries"), Ask(name="search", path="/search?q=ma")]
    for state in (DeliveryState.SENDING, DeliveryState.FINISHED):
        wanted = select(Delivery.id).where(Delivery.state == state).order_by(Delivery.id.desc())
        key = runtime.session.scalar(wanted.limit(1))
        path = f"/deliveries/{key}"
        oldest = select(Message.id).where(Message.delivery_id == key)
        edge = oldest.order_by(Message.changed_at, Message.id).offset(FEW).limit(1)
        found += [
            Ask(name=f"{state}", path=path),
            Ask(name=f"{state}, polled", path=path, part="live"),
            Ask(name=f"{state}, log", path=f"{path}?state=ignored"),
            Ask(name=f"{state}, search", path=f"{path}?q=maria"),
            Ask(name=f"{state}, of nobody", path=f"{path}?q=zzq"),
            Ask(name=f"{state}, last page", path=f"{path}?after={runtime.session.scalar(edge)}"),
            Ask(name=f"{state}, exclusions", path=f"{path}/exclusions"),
            Ask(name=f"{state}, left out", path=f"{path}/exclusions?reason=accepts_none"),
        ]
    return found
