"""Which account a name means."""

import pytest

from tests.support.factories import make_service
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts


def test_a_handle_of_two_channels_is_asked_for_by_number(runtime: Runtime):
    first = make_service(runtime, internal_name="ateliernord", remote_id="1")
    second = make_service(runtime, internal_name="AtelierNord", kind="second", remote_id="1")

    with pytest.raises(Invalid, match=rf"{first.id} \(fake\), {second.id} \(second\)"):
        accounts.find(runtime, "@ateliernord")

    assert accounts.find(runtime, str(second.id)) is second
