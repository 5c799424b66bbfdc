"""Plants the first accounts, their followers, what the brand said and what people wrote to it."""

from datetime import datetime, timedelta

from channels.clock import MovableClock
from plugins.x.sandbox.people import WRITER_BLOCK, Person, mix
from plugins.x.sandbox.seed import (
    ACCOUNTS,
    BRAND,
    HELLOS,
    OPT_INS,
    PAST_POSTS,
    SHOP,
    SHOP_FOLLOWERS,
    STOP,
    SeedAccount,
    credentials,
)
from plugins.x.sandbox.state import Account, Options, World

# X shows direct messages of 30 days; the oldest here stay in sight while a demo's clock moves.
OLDEST_MESSAGE_HOURS = 24 * 24
OPTED_IN_EVERY, OPTED_IN_AT = 5, 1
STOPPED_EVERY, STOPPED_AT = 80, 2


def plant(options: Options, clock: MovableClock) -> World:
    """Return a world at its beginning: the same for the same options, dated back from now."""
    world = World(options, clock)
    for account in ACCOUNTS:
        world.accounts[account.id] = _account(account)
    for account in ACCOUNTS:
        for followed in account.follows:
            _named(world, followed).fans.append(account.id)
    brand = _named(world, BRAND)
    world.wallet.owner = brand.id
    world.resize(brand, options.followers)
    world.resize(_named(world, SHOP), min(SHOP_FOLLOWERS, options.followers))
    _say(world, brand)
    write_first(world, brand, first=0, hours=OLDEST_MESSAGE_HOURS)
    return world


def write_first(world: World, account: Account, *, first: int, hours: int) -> None:
    """Let the writers among the followers from number `first` write within the last `hours`."""
    letters: list[tuple[datetime, int, str]] = []
    now = world.clock.now()
    for person in world.writers(first, account.crowd_size):
        letters += _letters(person, now=now, hours=hours)
    for at, sender, text in sorted(letters):
        world.add_direct(sender, account.id, text=text, at=at)


def _letters(person: Person, *, now: datetime, hours: int) -> list[tuple[datetime, int, str]]:
    block = person.index // WRITER_BLOCK
    ago = timedelta(seconds=60 + mix(person.bits) % (hours * 3600))
    texts = [HELLOS[person.bits % len(HELLOS)]]
    if block % OPTED_IN_EVERY == OPTED_IN_AT:
        texts = [OPT_INS[block // OPTED_IN_EVERY % len(OPT_INS)]]
    if block % STOPPED_EVERY == STOPPED_AT:
        texts.append(STOP)
    return [(now - ago / (1 + place), person.id, text) for place, text in enumerate(texts)]


def _account(seed: SeedAccount) -> Account:
    keys = credentials(seed.username)
    return Account(
        id=seed.id,
        username=seed.username,
        name=seed.name,
        description=seed.description,
        created_at=datetime.fromisoformat(seed.joined),
        protected=seed.protected,
        verified_type=seed.verified_type,
        access_token=keys["access_token"],
        access_token_secret=keys["access_token_secret"],
        access=seed.access,
    )


def _named(world: World, username: str) -> Account:
    return next(account for account in world.accounts.values() if account.username == username)


def _say(world: World, account: Account) -> None:
    today = world.clock.now().replace(minute=12, second=0, microsecond=0)
    for days, hour, text in PAST_POSTS:
        at = (today - timedelta(days=days)).replace(hour=hour)
        world.add_post(account.id, text, at=at, reply_to=None)
