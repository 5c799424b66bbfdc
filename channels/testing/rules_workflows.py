"""Rules about the workflows a plugin brings for its channel: each step makes one call at most."""

import pytest

from channels import inspection
from channels.errors import ChannelError, ErrorKind
from channels.testing.rules import explained
from channels.testing.rules_times import TimeRules
from channels.testing.steps import WorkflowCall
from channels.testing.watch import Watch
from channels.testing.wire import Answer, Fault
from channels.values import CheckState
from channels.workflows import StepResult

MOST_STEPS, SCHEDULE_PARTS = 50, 5
NO_SUCCESS = (400, 404, 500, 503)


class WorkflowRules(TimeRules):
    """The core counts a step as one call, and goes on from the place the last one returned."""

    def test_a_workflow_has_the_shape_of_the_contract(self, step: WorkflowCall) -> None:
        checks = inspection.workflow_checks(step.workflow, [self.channel.kind])

        assert [item.detail for item in checks if item.state is CheckState.ERROR] == []
        assert len(step.workflow.schedule.split()) == SCHEDULE_PARTS, (
            f"The schedule {step.workflow.schedule!r} has not five parts: minute, hour, day, "
            "month, weekday. Whether it comes, ./run plugin check knows."
        )

    def test_each_step_makes_one_call_at_most(self, watch: Watch, step: WorkflowCall) -> None:
        watch.wire.restart(self.script_of(step.name))
        cursor = None
        for _step in range(MOST_STEPS):
            cursor = self._taken(watch, step, cursor)
            if cursor is None:
                break
        else:
            raise AssertionError(f"{step.name} did not end after {MOST_STEPS} steps.")
        assert watch.wire.unexpected == [], f"{step.name} asked for more than its script holds."
        assert watch.wire.script == [], f"{step.name} did not ask for all that its script holds."

    def _taken(self, watch: Watch, step: WorkflowCall, cursor: str | None) -> str | None:
        """Take one step and return where the next one goes on."""
        watch.wire.exchanges.clear()
        result = watch.make(step.name, lambda: step.workflow.step(watch.context, cursor))
        asked = [f"{item.method} {item.url}" for item in watch.wire.exchanges]
        assert len(asked) <= 1, (
            f"A step of {step.name} makes {len(asked)} calls: {', '.join(asked)}. Make one, return "
            "next_cursor, and make the next one in the step after it."
        )
        assert isinstance(result, StepResult), f"{step.name} returned {explained(result)}."
        assert result.next_cursor is None or result.next_cursor != cursor, (
            f"The cursor of {step.name} stands still, so its run never ends."
        )
        return result.next_cursor

    @pytest.mark.parametrize("fault", list(Fault), ids=lambda item: item.name.lower())
    def test_a_step_that_is_lost_says_so(
        self, watch: Watch, step: WorkflowCall, fault: Fault
    ) -> None:
        result = self.lost(watch, step, fault)

        kinds = (ErrorKind.TEMPORARY, ErrorKind.UNKNOWN)
        lost = isinstance(result, ChannelError) and result.kind in kinds
        assert lost or not watch.wire.exchanges, f"{step.name} took a lost call for: {result}"

    @pytest.mark.parametrize("status", NO_SUCCESS)
    def test_a_step_that_fails_is_no_success(
        self, watch: Watch, step: WorkflowCall, status: int
    ) -> None:
        result = self.lost(watch, step, Answer(status=status, json={}))

        assert isinstance(result, ChannelError) or not watch.wire.exchanges, (
            f"{step.name} took status {status} for a success: {result}"
        )

    def test_a_step_names_refused_keys_and_spent_limits(
        self, watch: Watch, step: WorkflowCall
    ) -> None:
        refused = self.lost(watch, step, self.refused_keys)
        if watch.wire.exchanges:
            self.error(refused, step, ErrorKind.SENDER)
        spent = self.lost(watch, step, self.limited)
        if watch.wire.exchanges:
            self.rests(self.error(spent, step, ErrorKind.LIMITED), watch)
