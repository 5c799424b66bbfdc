"""The panel of an account about what follows a yes."""

from flask.testing import FlaskClient

from tests.support.deliveries import begin
from webapp.deliveries import analysis, sending
from webapp.deliveries.drafts import editing, follow_ups, templates
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def test_an_account_begins_its_follow_up_from_a_kept_text(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    templates.ensure_built_in(runtime)
    runtime.session.commit()
    kept = templates.built_in(runtime, service.kind, DeliveryKind.DIRECT)
    assert kept
    page, place = f"/services/{service.id}", f"/services/{service.id}/follow-up"
    chosen = kept.id
    assert "Nothing is sent to people when they agree" in marketer.get(page).text

    refused = marketer.post(place, data={"template": "9999"}, follow_redirects=True)
    begun = marketer.post(place, data={"template": chosen, "imports": "y"})

    runtime.session.rollback()
    draft = runtime.session.query(Delivery).one()
    assert "Choose one of the texts" in refused.text
    assert f"/deliveries/{draft.id}/compose" in begun.location
    assert (draft.continuous, draft.follows_imports) == (True, True)
    target = marketer.get(f"/deliveries/{draft.id}/compose?step=target").text
    assert "to whoever agrees to messages from its confirmation on, once" in target
    assert "Nobody gets it before somebody confirms it." in marketer.get(page).text


def test_it_is_switched_on_and_says_that_it_waits(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    templates.ensure_built_in(runtime)
    kept = templates.built_in(runtime, service.kind, DeliveryKind.DIRECT)
    assert kept
    draft = follow_ups.begin(runtime, service, kept.id, imports=False)
    text = editing.DeliveryChanges(content="Thank you.\n{opt_out_line}")
    editing.edit(runtime, draft.id, text)
    analysis.start(runtime, draft.id)
    analysis.analyse(runtime, draft.id)
    place, account = f"/deliveries/{draft.id}", f"/services/{service.id}"
    asked = marketer.get(f"{place}/confirm").text
    runtime.session.rollback()

    begin(runtime, editing.get(runtime, draft.id))
    sending.send_batch(runtime, draft.id)
    runtime.session.rollback()

    assert "Switch it on" in asked
    assert "Whoever agrees to messages from now on, once." in asked
    for page in (place, "/deliveries", account):
        assert "Waits for a yes" in marketer.get(page).text, page
    assert "once it is stopped" in marketer.get(place).text
