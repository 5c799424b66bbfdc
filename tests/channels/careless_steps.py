"""Steps of a workflow, a careful one and careless ones."""

from channels import ChannelError, ChannelWorkflow, StepResult
from tests.example_channel.fanfare_notice import board


def tidy(context, cursor):
    """A step that makes one call, and goes on from where it ended."""
    return board(context).call(
        "POST",
        "/tidy",
        lambda found: StepResult(next_cursor=found["next"], done=found["done"]),
        json={"from": cursor},
    )


def tidy_all(context, cursor):
    """A step that makes every call of the run."""
    first = tidy(context, cursor)
    return first if first.next_cursor is None else tidy(context, first.next_cursor)


def tidy_for_ever(context, cursor):
    """A step that leads to itself."""
    tidy(context, cursor)
    return StepResult(next_cursor="again")


def tidy_blindly(context, cursor):
    """A step to which nothing is a fault."""
    try:
        return tidy(context, cursor)
    except ChannelError:
        return StepResult()


def workflow(step, **changes):
    known = {"job": "tidy", "kind": "notice", "name": "Tidy up", "schedule": "0 3 * * *"}
    return ChannelWorkflow(step=step, **(known | changes))
