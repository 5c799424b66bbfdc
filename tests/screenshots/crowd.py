"""What the people of the scene did: they shared who they are, agreed, and clicked."""

import io
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import select

from tests.screenshots.stage import Stage
from webapp.audience.consent_files import running as consent_running
from webapp.audience.consent_files import staging as consent_files
from webapp.audience.consents import recording
from webapp.audience.consents.recording import Agreement
from webapp.audience.consents.wordings import Wording
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.profiles import contacts, own_fields, tags
from webapp.profiles.models import Origin
from webapp.profiles.reconciliation import linking, reconcile
from webapp.profiles.reconciliation.reconcile import Mode, Shared
from webapp.profiles.transfer import running, staging
from webapp.profiles.values import Source
from webapp.services.models import Service
from webapp.tracking import choices, counting
from webapp.tracking.models import TrackedLink
from webapp.tracking.spool import Noted

FAIR = """First name,Last name,E-mail,Phone,Birthday,Language,Tags
Marta,Koivu,marta.koivu@example.org,+358 40 555 0142,1984-03-11,fi,"workshop, press"
Anouk,Delattre,anouk@delattre.example,+33 6 55 50 01 27,1991-07-02,fr,workshop
Pablo,Reyes,pablo.reyes@example.org,+34 655 550 118,,es,wholesale
Sigrid,Holm,sigrid@holm.example,,1978-12-24,sv,"press, winter list"
Tomasz,Wilk,tomasz.wilk@example.org,+48 555 019 233,1989-05-30,pl,workshop
Ilse,Brandt,ilse.brandt@,+49 30 5550 1988,,de,winter list
Rosa,Ferri,rosa@ferri.example,+39 055 550 1442,31.2.1990,it,winter list
Camille,Aubry,camille.aubry@example.org,,,fr,"workshop, winter list"
"""
HERE = (
    ("Hélène", "Marchand", "helene.marchand@example.org", "+33 6 55 50 01 99", "1986-04-17", "fr"),
    ("Noor", "van Dijk", "noor@vandijk.example", "+31 6 5550 1177", "1993-09-08", "nl"),
    ("Mateus", "Oliveira", "mateus.oliveira@example.org", "", "", "pt"),
    ("Greta", "Lindqvist", "greta@lindqvist.example", "+46 70 555 01 23", "1969-11-23", "sv"),
    ("Yusuf", "Demir", "yusuf.demir@example.org", "", "1996-01-30", "tr"),
    ("Alba", "Serrano", "alba.serrano@example.org", "+34 655 550 190", "", "es"),
)
TAGS = ("workshop", "winter list", "press", "wholesale")
PAGE = Source(origin=Origin.PAGE, about="Winter room list")
WORDS = Wording(
    text="Yes, Atelier Nord may write to me about new pieces and open days, once a month at most.",
    version="2",
    language="en",
)
HEADS = "Username,Answer,Date,Wording,Version,Language,Proof,Purpose"
PERSON, PREVIEW = "", "named"
# Clicks of people by the hour of the day, on the first days of a post.
BUSY = (0, 0, 0, 0, 0, 0, 1, 3, 6, 7, 5, 4, 6, 7, 5, 4, 4, 6, 9, 12, 11, 8, 4, 1)
KEYS = count(1)


def gather(stage: Stage, brand: Service) -> None:
    """Let them do so, up to the moment at which everybody looks."""
    known = _known(stage, brand)
    _profiles(stage, [tie.visitor_id for tie in known])
    _agree(stage, known)
    _consent_file(stage, brand)
    _click(stage)


def _known(stage: Stage, brand: Service) -> list[Subscription]:
    """Return whom the brand may write to, without those who ended it."""
    wanted = select(Subscription).where(
        Subscription.service_id == brand.id,
        Subscription.wrote_first_at.is_not(None),
        Subscription.opted_out_at.is_(None),
        Subscription.ended_at.is_(None),
    )
    return list(stage.runtime.session.scalars(wanted.order_by(Subscription.id).limit(60)))


def _profiles(stage: Stage, visitors: list[int]) -> None:
    """Write contacts down, bring a file of a fair, and leave questions open."""
    runtime = stage.runtime
    for name in ("Last visit", "Favourite wood"):
        own_fields.add(runtime, name)
    brought = staging.bring(runtime, "design-fair-november.csv", io.BytesIO(FAIR.encode()))
    staging.map_columns(runtime, brought.id, brought.mapping, {"tag": "design fair"})
    staging.start(runtime, brought.id)
    running.run(runtime, brought.id)
    names = ("first_name", "last_name", "email", "phone", "birth_date", "language")
    for number, values in enumerate(HERE):
        told = dict(zip(names, values, strict=True))
        shared = Shared(values={name: value for name, value in told.items() if value}, source=PAGE)
        done = reconcile.reconcile(runtime, visitors[number], shared)
        for tag in TAGS[number % 3 :][:2]:
            tags.add(runtime, done.profile_id or 0, tag)
    asked = {"first_name": "Hélène", "last_name": "Marchand"}
    reconcile.reconcile(runtime, visitors[20], Shared(values=asked, source=PAGE, mode=Mode.MANUAL))
    twin = contacts.create(runtime, {"first_name": "Noor", "last_name": "van Dijk"}, twice=True)
    linking.link(runtime, visitors[7], twin.id, "met at the door, Thursday")


def _agree(stage: Stage, known: list[Subscription]) -> None:
    now = stage.runtime.now()
    for number, tie in enumerate(known[:9]):
        asked = Agreement(
            proof="Paper form at the till, folder 2026/11",
            purpose="News of pieces and open days",
            at=now - timedelta(days=number, hours=3 + number),
            wording=WORDS,
        )
        recording.record_opt_in(stage.runtime, tie.id, asked)
    recording.record_stop(stage.runtime, known[8].id, note="asked on the phone")


def _consent_file(stage: Stage, brand: Service) -> None:
    """Bring what the former tool kept, of which two rows cannot be read."""
    wanted = (
        select(Visitor.handle)
        .join(Subscription)
        .where(Subscription.service_id == brand.id, Subscription.wrote_first_at.is_(None))
    )
    names = stage.runtime.session.scalars(wanted.order_by(Visitor.id).limit(40)).all()
    rows = [
        f"{name},{'no' if number % 9 == 0 else 'yes'},2026-0{5 + number % 4}-1{number % 9},"
        '"News by direct message, twice a month",1,en,Form on the former website,News'
        for number, name in enumerate(names)
    ]
    rows += ["nobody_of_this_name,yes,2026-06-01,News,1,en,Form,News"]
    rows += [f"{names[1]},perhaps,2026-06-01,News,1,en,Form,News"]
    text = "\n".join((HEADS, *rows))
    file = consent_files.bring(stage.runtime, "former-tool.csv", io.BytesIO(text.encode()))
    consent_files.map_columns(stage.runtime, file.id, file.mapping, {"account": str(brand.id)})
    consent_files.start(stage.runtime, file.id)
    consent_running.run(stage.runtime, file.id)


def _click(stage: Stage) -> None:
    """Let people and machines follow the links that went out."""
    runtime, chance = stage.runtime, Random(7)
    links = select(TrackedLink).join(Delivery).where(Delivery.parent_id.is_(None))
    for link in runtime.session.scalars(links).all():
        sent = runtime.session.scalars(
            select(Message).where(
                Message.delivery_id == link.delivery_id, Message.state == MessageState.SENT
            )
        ).all()
        to_people = link.delivery.kind.to_people
        noted = _of_people(link, sent, chance) if to_people else _of_post(link, sent[0], chance)
        past = [one for one in noted if one.at < runtime.now().timestamp()]
        counting.write(runtime, past)
    refusing = select(Message.visitor_id).where(Message.visitor_id.is_not(None)).limit(1)
    who = runtime.session.scalar(refusing.order_by(Message.id.desc()))
    if who is not None:
        choices.let_be(runtime, who, refused=True)


def _of_post(link: TrackedLink, message: Message, chance: Random) -> list[Noted]:
    """Return many on the first evening, fewer on each day after it."""
    out = message.sent_at or datetime.now(UTC)
    noted = []
    for hour in range(80):
        at = out + timedelta(hours=hour)
        most = BUSY[at.astimezone().hour] / (1 + hour / 20)
        noted += [
            _noted(link, message, at + timedelta(seconds=chance.randrange(20, 3_500)))
            for _number in range(round(most * chance.uniform(0.6, 1.5)))
        ]
        if chance.random() < 0.5:
            noted.append(_noted(link, message, at + timedelta(seconds=30), PREVIEW))
    return noted


def _of_people(link: TrackedLink, sent: list[Message], chance: Random) -> list[Noted]:
    """Return a third of the readers, some twice, and the preview of each message."""
    noted = []
    for message in sent:
        out = message.sent_at or datetime.now(UTC)
        noted.append(_noted(link, message, out + timedelta(seconds=2), PREVIEW))
        noted += [
            _noted(link, message, out + timedelta(minutes=chance.randrange(1, 170)))
            for _time in range(chance.choice((0, 0, 0, 1, 1, 2)))
        ]
    return noted


def _noted(link: TrackedLink, message: Message, at: datetime, rule: str = PERSON) -> Noted:
    return Noted(
        key=next(KEYS), link_id=link.id, message_id=message.id, at=at.timestamp(), rule=rule
    )
