"""The scene: a small brand on a Monday afternoon, a delivery going out, things to decide."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select, update

from plugins.x.sandbox import seed
from tests.screenshots import asking, crowd, letters
from tests.screenshots.stage import Stage
from webapp.audience.bulk import name_columns
from webapp.audience.models import Subscription, Visitor
from webapp.audience.sync import SYNCHRONISE
from webapp.kernel.background import availability
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.db import db
from webapp.kernel.text.notices import Notice
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords
from webapp.operators.models import Operator, Role
from webapp.privacy import erasing, wishes
from webapp.services.connection import accounts, doctor, drafts, sandbox
from webapp.services.models import Service
from webapp.system.setup import defaults
from webapp.system.tasks.registry import CHECK_CREDENTIALS, CLEAN_UP, task_of
from webapp.workflows import control, runs
from webapp.workflows.models import Run, RunState, Workflow

MONTH_AGO = datetime(2026, 10, 22, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 14, 51, tzinfo=UTC)
EMAIL, PASSWORD = "ines@ateliernord.example", "a horn in the morning"
PEOPLE = (
    ("Inès Laurent", EMAIL, Role.ADMIN),
    ("Jonas Berg", "jonas@ateliernord.example", Role.REVIEWER),
    ("Claire Morel", "claire@ateliernord.example", Role.MARKETER),
    ("Davide Pace", "davide@ateliernord.example", Role.MARKETER),
)
# What follows Latin, Greek, Cyrillic, Hebrew and Arabic.
LAST_DRAWN = 0x06FF
# How many came and how many went on each of the last days, oldest first.
CAME = (6, 10, 18, 13, 13, 34, 8, 14, 11, 9, 14, 13, 10, 6, 14, 6, 18, 7, 19, 19, 16, 19, 8, 41, 12)
WENT = (2, 0, 1, 2, 1, 3, 1, 2, 0, 2, 1, 1, 3, 0, 2, 1, 2, 1, 0, 2, 1, 3, 1, 2, 1)


def play(stage: Stage) -> None:
    """Let a month pass, up to the moment at which everybody looks."""
    stage.at(MONTH_AGO)
    defaults.ensure(stage.runtime)
    _team(stage)
    brand = _connect(stage)
    _run(stage, SYNCHRONISE)
    letters.write(stage, brand)
    _workflows(stage)
    _grow(stage, brand)
    _wishes(stage, brand)
    crowd.gather(stage, brand)
    asking.ask(stage, brand)
    _alive(stage)
    _drawable(stage)


def _team(stage: Stage) -> None:
    locked = passwords.hashed(PASSWORD)
    for name, email, role in PEOPLE:
        team.create(stage.runtime, name=name, email=email, role=role, password_hash=locked)
    team.invite(stage.runtime, email="mira@ateliernord.example", role=Role.VIEWER)
    seen = datetime.now(UTC) - timedelta(minutes=35)
    stage.runtime.session.execute(
        update(Operator).where(Operator.password_hash.is_not(None)).values(last_login_at=seen)
    )
    stage.runtime.session.commit()


def _connect(stage: Stage) -> Service:
    """Connect the brand, its test account, and a shop whose token may only read."""
    brand, _proof = sandbox.connect_sandbox(stage.runtime, "x")
    brand.daily_cap, brand.monthly_budget = 1_000, Decimal(60)
    shop = drafts.ServiceDraft(
        label="Atelier Nord Shop",
        internal_name=seed.SHOP,
        settings={"sandbox": True, "foreign_app": True},
        secrets=seed.credentials(seed.SHOP),
    )
    accounts.connect(stage.runtime, "x", shop, in_sandbox=True)
    return brand


def _run(stage: Stage, job: str) -> Run:
    """Run a workflow to its end, past each limit it waits for."""
    workflow = stage.runtime.session.scalars(select(Workflow).where(Workflow.job == job)).one()
    run = control.run_now(stage.runtime, workflow.id)
    while run.state in control.OPEN:
        if run.resume_at and run.resume_at > stage.runtime.now():
            stage.at(run.resume_at)
        runs.go_on(stage.runtime, run.id, task_of(stage.runtime, job))
    return run


def _grow(stage: Stage, brand: Service) -> None:
    """Spread what one synchronisation saw over the days on which it would have been seen."""
    session = stage.runtime.session
    newest = iter(
        session.scalars(
            select(Subscription)
            .where(Subscription.service_id == brand.id, Subscription.followed_at.is_not(None))
            .order_by(Subscription.id.desc())
        )
    )
    for day, (came, went) in enumerate(zip(CAME, WENT, strict=True)):
        at = NOW - timedelta(days=len(CAME) - 1 - day, hours=6)
        for _number in range(came):
            next(newest).followed_at = at
        for _number in range(went):
            next(newest).ended_at = at
    session.commit()


def _wishes(stage: Stage, brand: Service) -> None:
    """Let two people who left want to be erased, of whom one is."""
    left = (
        select(Visitor)
        .join(Subscription)
        .where(Subscription.service_id == brand.id, Subscription.ended_at.is_not(None))
        .order_by(Visitor.id.desc())
        .limit(2)
    )
    asked = [wishes.ask(stage.runtime, who.id) for who in stage.runtime.session.scalars(left).all()]
    gone = asked[0].visitor
    if gone is not None:
        erasing.erase(stage.runtime, asked[0].id, gone.handle)


def _workflows(stage: Stage) -> None:
    """Start every workflow, end last night's runs, and leave one under way."""
    night = NOW.replace(hour=2, minute=0)
    for job, at in (
        (SYNCHRONISE, night - timedelta(days=4) + timedelta(hours=4, minutes=30)),
        (CHECK_CREDENTIALS, night),
        (CLEAN_UP, night + timedelta(hours=1)),
    ):
        stage.at(at)
        _run(stage, job)
    stage.at(NOW)
    for workflow in stage.runtime.session.scalars(select(Workflow)):
        control.start(stage.runtime, workflow.id)
    _under_way(stage)
    for service in accounts.every(stage.runtime):
        doctor.diagnose(stage.runtime, service.id)


def _under_way(stage: Stage) -> None:
    job = select(Workflow).where(Workflow.job == SYNCHRONISE)
    workflow = stage.runtime.session.scalars(job).one()
    run = control.run_now(stage.runtime, workflow.id)
    run.state, run.started_at = RunState.RUNNING, NOW - timedelta(seconds=62)
    run.created_at = run.started_at
    run.done, run.total = 7_569, 12_408
    runs.journal(stage.runtime, run, Notice("run_started", who="Inès Laurent"))
    stage.runtime.session.commit()


def _drawable(stage: Stage) -> None:
    """Write names in letters that the fonts of any machine can draw."""
    for visitor in stage.runtime.session.scalars(select(Visitor)):
        if any(ord(letter) > LAST_DRAWN for letter in visitor.name):
            words = visitor.handle.rstrip("0123456789").replace("_", " ")
            for column, value in name_columns.columns(visitor.handle, words.title()).items():
                setattr(visitor, column, value)
    stage.runtime.session.commit()


def _alive(stage: Stage) -> None:
    """Let the scheduler give a sign of life whenever somebody looks."""

    @stage.app.before_request
    def beat() -> None:
        seen = Heartbeat(process=availability.SCHEDULER, seen_at=datetime.now(UTC), held_by="stage")
        db.session.merge(seen)
        db.session.commit()
