"""What a cron expression may be, and the sentence for each that means something else."""

import pytest

from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.workflows.schedules import cron


@pytest.mark.parametrize(
    "schedule",
    [
        "30 7 * * 4",
        "*/15 * * * *",
        "0-59/30 7 * * *",
        "5/15 * * * *",
        "0 */6 * * *",
        "0 0 1,15 */3 *",
        "0 9 * * mon-fri",
        "0 0 L * *",
        "0 0 * * 5#2",
        "0 7 * mar thu",
    ],
)
def test_what_means_what_it_says_is_kept(runtime: Runtime, schedule: str):
    assert cron.checked(f"  {schedule.replace(' ', '   ')} ") == schedule


@pytest.mark.parametrize(
    ("schedule", "sentence"),
    [
        ("*/90 * * * *", r"\*/90 does not run every 90 minutes: cron counts anew in each hour"),
        ("*/45 * * * *", r"\*/45 does not run every 45 minutes"),
        ("0 */36 * * *", r"\*/36 does not run every 36 hours: cron counts anew on each day"),
        ("0 */5 * * *", "a step that divides 24"),
        ("0 0 */2 * *", "counts anew in each month. List the days"),
        ("0 0 1 */5 *", "a step that divides 12"),
        ("0 0 * * */2", "counts anew in each week. List the weekdays"),
        ("30 7,*/7 * * *", r"\*/7 does not run every 7 hours"),
        ("10-20/50 * * * *", "The step of 10-20/50 is longer than what it steps through"),
        ("5/90 * * * *", "The step of 5/90 is longer"),
        ("R R * * *", "R stands for a time at random. Write the time you mean."),
        ("r(0-15) 7 * * *", r"r\(0-15\) stands for a time at random"),
        ("0 H * * *", "H stands for a time at random"),
        ("61 7 * * *", "is not understood"),
        ("0 0 31 2 *", "never comes"),
        ("0,10 * * * *", "every 15 minutes at most"),
        ("* * * * *", "every 15 minutes at most"),
        ("30 7", "five parts"),
        ("", "five parts"),
    ],
)
def test_what_cannot_mean_what_it_says_is_refused_with_a_sentence(
    runtime: Runtime, schedule: str, sentence: str
):
    with pytest.raises(Invalid, match=sentence) as refused:
        cron.checked(schedule)

    assert refused.value.fields == {"schedule": refused.value.message}
