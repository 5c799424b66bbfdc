from typing import Any

import pytest

from tests.support.factories import make_delivery, make_subscriptions
from tests.tracking.conftest import collect, follow, service, settings, takes_links
from webapp.deliveries.models import Arm, Delivery, Experiment, Metric, StopRule
from webapp.experiments import keeping
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

__all__ = ["collect", "follow", "service", "settings", "takes_links"]

SHOP = "https://shop.example/spring"
OTHER = f"Twelve pieces, see {SHOP} . {{opt_out_line}}"


def experiment(**changes: Any) -> Experiment:
    """Two texts alike in share, a tenth held out, judged by clicks."""
    plan = {
        "weight": 45,
        "arms": (Arm(text=OTHER, weight=45),),
        "held_out": 10,
        "metric": Metric.CLICKED,
        "within_hours": 24,
        "expected": 200,
        "people": 60,
        "matters": 10,
        "stop": StopRule.END,
    }
    return Experiment(**plan | changes)


@pytest.fixture
def crowd(runtime: Runtime, service: Service) -> None:
    make_subscriptions(runtime, service, 60)


@pytest.fixture
def draft(runtime: Runtime, service: Service) -> Delivery:
    return make_delivery(runtime, service, content=f"Spring is at {SHOP} . {{opt_out_line}}")


def figures(runtime: Runtime, trial: Delivery) -> list[tuple[int, ...]]:
    return [
        (answer.first.people, answer.first.did, answer.second.people, answer.second.did)
        for answer in keeping.judged(runtime, trial).answers
    ]
