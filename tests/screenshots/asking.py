"""A page that asks people, some days after it went online."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from tests.acquisition.conftest import made
from tests.screenshots.stage import Stage
from webapp.acquisition import content, pages, publishing, spreading
from webapp.acquisition.models import AcquisitionAnswer, AcquisitionDay
from webapp.audience.models import Subscription
from webapp.services.models import Service

# Of each day: viewed, fetched, started, signed in, refused, accepted, new profiles.
DAYS = ((41, 9, 20, 18, 3, 14, 9), (66, 4, 31, 27, 4, 21, 12), (38, 2, 15, 14, 1, 12, 6))
FIELDS = ("name", "email", "language", "birth_date")


def ask(stage: Stage, brand: Service) -> None:
    """Put a page online, with a few days of people who came, and a second language begun."""
    runtime = stage.runtime
    page = made(runtime, brand, fields=FIELDS)
    publishing.put_online(runtime, page.id, page.edition)
    for number, counts in enumerate(DAYS):
        for source, share in (("post", 1), ("fair", 2)):
            steps = dict(zip(COUNTED, (count // share for count in counts), strict=True))
            day = date(2026, 11, 20 + number)
            row = AcquisitionDay(page_id=page.id, day=day, source=source, **steps)
            runtime.session.add(row)
    spreading.choose(runtime, page, "fair")
    who = runtime.session.scalar(
        select(Subscription.visitor_id).where(Subscription.service_id == brand.id).limit(1)
    )
    answer = AcquisitionAnswer(page_id=page.id, visitor_id=who, number=1, language="en")
    answer.source, answer.fields, answer.scopes = "fair", ["email"], ["messages"]
    answer.first_at = answer.answered_at = runtime.now()
    runtime.session.add(answer)
    draft = content.read(page.draft)
    words = replace(draft.in_language("en"), text="Repost this page and win a lamp.")
    pages.keep(runtime, page, draft.with_words("en", words))
    pages.add_language(runtime, page.id, "fr", page.edition)


COUNTED = ("viewed", "fetched", "started", "signed_in", "refused", "consented", "profiles")
