"""Disconnecting an account that deliveries know."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.support.deliveries import begin, ready, sent
from webapp.deliveries import control
from webapp.deliveries.control import disconnecting
from webapp.deliveries.models import Message, MessageState
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.services.channel.context import stored
from webapp.services.models import Service


@pytest.mark.parametrize("paused", [False, True])
def test_an_account_that_still_sends_stays_with_its_keys(
    runtime: Runtime, service: Service, paused
):
    delivery = begin(runtime, ready(runtime, service, label="Spring"))
    if paused:
        control.pause(runtime, delivery.id)

    with pytest.raises(
        Conflict, match=r"“Spring” has something left to send from @\w+\. Stop it first"
    ):
        disconnecting.disconnect(runtime, service.id)

    assert service.removed_at is None
    assert stored(runtime, service.id).secrets


@pytest.mark.parametrize("ended", ["stopped", "finished"])
def test_an_account_whose_deliveries_are_over_is_disconnected(
    runtime: Runtime, service: Service, ended
):
    if ended == "stopped":
        control.stop(runtime, begin(runtime, ready(runtime, service)).id)
    else:
        sent(runtime, service)

    disconnecting.disconnect(runtime, service.id)

    assert service.removed_at == runtime.now()


def test_the_page_says_that_outcomes_could_be_asked_for_no_more(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    sent(runtime, service, people=2)
    runtime.session.execute(update(Message).values(state=MessageState.UNKNOWN))
    runtime.session.commit()

    page = admin.get(f"/services/{service.id}").text

    assert "The outcome of 2 messages is not known yet" in page


def test_the_page_refuses_with_a_sentence_and_disconnects_afterwards(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    delivery = begin(runtime, ready(runtime, service))
    refused = admin.post(f"/services/{service.id}/disconnect", follow_redirects=True)
    control.stop(runtime, delivery.id)

    done = admin.post(f"/services/{service.id}/disconnect", follow_redirects=True)

    assert "has something left to send from" in refused.text
    assert "Check connection" in refused.text
    assert "is disconnected; its history stays" in done.text
