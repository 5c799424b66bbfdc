"""What numbers of people can show is said of each question, before anything is sent."""

import json

import pytest

from tests.experiments.conftest import experiment
from tests.support.cli import Cli
from webapp.deliveries.models import Arm, Metric
from webapp.experiments.drawing import drawn
from webapp.experiments.outlook import outlook
from webapp.experiments.statistics.power import Sides, people_at_any_time
from webapp.kernel.runtime import Runtime


def test_each_question_is_of_its_own_people_and_all_share_one_alarm():
    found = outlook(experiment(weight=60, arms=(Arm(text="B", weight=30),)), 20_000)

    texts, held = found.rows
    assert (texts.first, texts.second) == (12_000, 6_000)
    assert (held.question.first, held.question.second) == ("0", "AB")
    assert (held.first, held.second) == (2_000, 18_000)
    assert texts.question.alarm == held.question.alarm == 0.025
    assert found.question is texts.question
    assert [cell.share for cell in texts.cells] == [0.01, 0.02, 0.04]
    assert found.seen == texts.cells[1]


def test_the_curve_falls_with_more_people_and_marks_these():
    found = outlook(experiment(), 20_000)

    people, here = found.curve[found.here]
    assert (people, here) == (20_000, found.seen)
    known = [shown.points for _number, shown in found.curve if shown.points]
    assert known == sorted(known, reverse=True)
    assert found.curve[0][1].points is None
    assert found.seen.points == pytest.approx(found.seen.other - 0.02)
    assert found.seen.lift == pytest.approx(found.seen.points / 0.02)


def test_with_one_text_the_held_out_decide():
    alone = experiment(weight=50, arms=(), held_out=50, metric=Metric.WROTE)

    assert outlook(alone, 20_000).question.is_of_held_out


def test_so_few_that_nothing_is_shown_are_not_marked(runtime: Runtime):
    assert drawn(outlook(experiment(), 9)).plot.marked == ()
    assert drawn(outlook(experiment(), 9_000)).plot.marked


def test_a_command_says_what_people_show_and_how_many_are_needed(cli: Cli):
    words = ("experiment", "plan", "--expected", "2", "--lift", "50", "--people", "20000")

    told = json.loads(cli(*words, "--held-out", "10", "--json").out)
    text = cli(*words).out

    assert told["needed"] == people_at_any_time(0.02, 0.03, 0.025, sides=Sides(0.1, 0.9))
    assert [answer["people"] for answer in told["answers"]] == [[9_000, 9_000], [2_000, 18_000]]
    shown = told["answers"][0]
    assert shown["points"] == pytest.approx(shown["shown"] - 0.02)
    assert "10,000 and 10,000 people show 2.00 % against" in text
    assert "needs 14,846 people in all arms" in text
