import os
from datetime import timedelta

from webapp.kernel.background.availability import SCHEDULER as NAME
from webapp.kernel.background.availability import SILENT_AFTER
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.runtime import Runtime
from webapp.system import health
from webapp.system.web import layout as frames


def test_the_database_is_looked_at_also_by_a_command_that_may_write(runtime: Runtime):
    runtime.session.add(
        Heartbeat(process=NAME, seen_at=runtime.clock.system(), held_by="this test")
    )
    runtime.session.flush()

    report = health.report(runtime)

    assert report.ok
    assert [part for part in report.parts if part.detail.startswith("up to date: ")]


def test_a_scheduler_that_fell_silent_is_named_with_what_to_do(runtime: Runtime):
    silent = runtime.clock.system() - SILENT_AFTER - timedelta(seconds=1)
    runtime.session.add(Heartbeat(process=NAME, seen_at=silent, held_by="this test"))
    runtime.session.commit()

    frame = frames.frame(runtime)

    assert not frame["ok"]
    assert "Scheduler: down since" in frame["banners"][0].title
    assert "./run scheduler" in frame["banners"][0].text


def test_clicks_that_nobody_counts_are_named(runtime: Runtime):
    folder = runtime.settings.var / "clicks"
    folder.mkdir()
    (folder / "a.clicks").touch()
    assert not [part for part in health.report(runtime).parts if part.name == "Clicks"]
    os.utime(folder / "a.clicks", (0, 0))

    parts = [part for part in health.report(runtime).parts if part.name == "Clicks"]

    assert [part.ok for part in parts] == [False]
