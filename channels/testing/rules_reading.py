"""Rules about readings: they end and repeat nobody, and pictures come from declared hosts."""

from channels.pictures import lies_in
from channels.testing.rules import Rules, about
from channels.testing.watch import Watch
from channels.values import Account


class ReadingRules(Rules):
    """What is read can be relied upon."""

    def test_connecting_returns_the_live_account(self, watch: Watch) -> None:
        account = self.read(watch, "connect")

        assert isinstance(account, Account)
        assert account.handle.lower() == self.handle.lower(), "The script is of another account."
        assert not account.handle.startswith("@")

    @about("audience")
    def test_the_audience_ends_and_repeats_nobody(self, watch: Watch) -> None:
        pages = self.read(watch, "audience")
        people = [person.remote_id for page in pages for person in page.people]

        assert len(people) > 1, "Script at least two people, on two pages where there are pages."
        assert len(set(people)) == len(people), "Somebody comes twice."

    def test_every_picture_comes_from_a_declared_host(self, watch: Watch) -> None:
        pictures = [self.read(watch, "connect").avatar_url]
        if self.channel.audience:
            pages = self.read(watch, "audience")
            pictures += [person.avatar_url for page in pages for person in page.people]
        if self.channel.inbox:
            pages = self.read(watch, "inbox")
            pictures += [item.person.avatar_url for page in pages for item in page.messages]

        strange = [url for url in pictures if url and not lies_in(url, self.channel.image_hosts)]
        assert strange == [], "Add the host to image_hosts, or browsers load no picture of it."
