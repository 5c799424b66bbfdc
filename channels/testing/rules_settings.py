"""Rules about what a channel declares: its shape, its form, its options, limits and pages."""

import json
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from channels import inspection
from channels.channel import PARTS
from channels.errors import ChannelError
from channels.forms import SettingsForm
from channels.outgoing import Content, Part
from channels.testing.context import FakeContext, FakeHost
from channels.testing.rules import Rules, about
from channels.testing.watch import Watch, names_in
from channels.testing.wire import Fault
from channels.validation import SLUG
from channels.values import Check, CheckState, Limit, Price, Scope


class SettingsRules(Rules):
    """A channel says what it is, and keeps secrets where they belong."""

    def test_the_channel_has_the_shape_of_the_contract(self) -> None:
        found = [
            item.detail
            for item in inspection.channel_checks(self.channel)
            if item.state is CheckState.ERROR
        ]

        assert found == []

    def test_the_capabilities_are_the_parts_it_has(self) -> None:
        has = {name for name in PARTS if getattr(self.channel, name) is not None}

        assert self.channel.capabilities == has

    def test_every_option_has_a_name_and_a_meaning(self) -> None:
        for item in self.channel.options:
            assert SLUG.fullmatch(item.name), item.name
            assert item.help.endswith("."), f"{item.name} says what it is for in a sentence."

    def test_what_administrators_enter_are_options(self) -> None:
        asked = self.channel.app_form()
        fields = {field.short_name for field in asked()} if asked else set()

        assert fields <= {item.name for item in self.channel.options}, (
            "Each field of `app_form` is named like an option, which the environment can set, too."
        )

    def test_the_form_names_every_secret(self) -> None:
        assert set(self.form().secret_names()) == set(self.secrets), (
            "Each secret is a SecretField of the form, and has a value in `secrets`."
        )

    def test_a_form_that_is_filled_in_is_accepted(self) -> None:
        form = self.filled()

        assert form.validate(), form.errors
        assert form.secrets() == dict(self.secrets)

    def test_settings_are_json_without_secrets(self) -> None:
        plain = json.dumps(self.filled().settings())

        assert names_in(plain, self.secrets) == []

    def test_no_field_shows_a_secret_again(self) -> None:
        stored = self.form()(data={**self.settings, **self.secrets})
        pages = [str(field()) for form in (self.filled(), stored) for field in form]

        assert names_in(" ".join(pages), self.secrets) == []

    def test_stored_secrets_may_stay_empty(self) -> None:
        form = self.form()(MultiDict({name: str(text) for name, text in self.settings.items()}))
        form.keep(self.secrets)

        assert form.validate(), form.errors

    def form(self) -> type[SettingsForm]:
        """Return the form of the channel."""
        return self.channel.connection.settings_form()

    def filled(self) -> SettingsForm:
        """Return the form as an operator sends it."""
        sent = {**self.settings, **self.secrets}
        return self.form()(MultiDict({name: str(text) for name, text in sent.items()}))

    def test_the_doctor_names_a_network_that_cannot_be_reached(self, watch: Watch) -> None:
        watch.wire.otherwise = Fault.REFUSED

        assert self.errors(watch), "No check says that the network cannot be reached."

    def test_the_doctor_names_keys_that_are_not_accepted_and_how_to_mend_them(
        self, watch: Watch
    ) -> None:
        watch.wire.otherwise = self.refused_keys

        assert all(item.fix or item.detail for item in self.errors(watch))
        assert any(item.fix for item in self.errors(watch)), "No check says what to do."

    def errors(self, watch: Watch) -> list[Check]:
        """Return the failed checks of the doctor; an error it raises is one."""
        watch.wire.exchanges.clear()
        found = watch.make(
            "diagnose", lambda: tuple(self.channel.connection.diagnose(watch.context))
        )
        if isinstance(found, ChannelError):
            return [inspection.failed("diagnose", "diagnose", found.message)]
        assert all(isinstance(item, Check) for item in found)
        return [item for item in found if item.state is CheckState.ERROR]

    @about("limits")
    def test_limits_and_prices_are_sound_and_reveal_no_secret(self, context: FakeContext) -> None:
        part = self.channel.limits
        assert part is not None
        found = (*part.limits(context), *part.prices(context))

        assert {type(item) for item in found} <= {Limit, Price}
        assert names_in(repr(found), self.secrets) == []
        for limit in part.limits(context):
            assert limit.cap > 0
            assert limit.seconds > 0
            assert limit.scope is not Scope.APP or limit.shared_key, "An app needs its name."
        assert all(price.amount >= Decimal(0) for price in part.prices(context))

    @about("limits")
    def test_every_content_has_a_variant_with_a_price(self, context: FakeContext) -> None:
        part = self.channel.limits
        assert part is not None
        known = {"", *(price.variant for price in part.prices(context))}

        for text in (self.text, f"{self.text} https://fanfare.example/spring"):
            assert part.variant(Content(parts=(Part(text=text),))) in known

    @about("pages")
    def test_the_blueprint_has_its_name_and_fills_slots_that_exist(
        self, context: FakeContext
    ) -> None:
        part = self.channel.pages
        assert part is not None
        check = inspection.blueprint_check(
            self.channel.kind, part.blueprint(FakeHost(lent=context))
        )

        assert check.state is CheckState.PASSED, check.detail

    @about("sandbox")
    def test_without_an_address_the_sandbox_offers_nothing(self) -> None:
        part = self.channel.sandbox
        assert part is not None

        assert list(part.services({})) == []
