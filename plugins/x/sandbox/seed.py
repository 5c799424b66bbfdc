"""The accounts the sandbox begins with, and their well-known keys; nothing here is secret."""

# ruff: noqa: RUF001 - people write in many scripts

from dataclasses import dataclass
from enum import StrEnum


class Access(StrEnum):
    """What a token may do, in the words of X's `x-access-level` header."""

    READ = "read"
    READ_WRITE = "read-write"
    FULL = "read-write-directmessages"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedAccount:
    """One account as it is at first; `follows` names the accounts it follows."""

    id: int
    username: str
    name: str
    description: str
    joined: str
    is_test: bool = False
    protected: bool = False
    verified_type: str = "none"
    access: Access = Access.FULL
    follows: tuple[str, ...] = ()


CONSUMER_KEY = "SandboxConsumerKey0000001"
CONSUMER_SECRET = "sandbox-consumer-secret-anybody-may-know-0000000001"  # noqa: S105 - no secret
CLIENT_ID = "U2FuZGJveENsaWVudElk"
CLIENT_SECRET = "sandbox-client-secret-anybody-may-know-01"  # noqa: S105 - no secret
BRAND, PROOF, SHOP = "ateliernord", "atelier_proof", "atelier_shop"

ACCOUNTS = (
    SeedAccount(
        id=1_108_461_230_592_000_001,
        username=BRAND,
        name="Atelier Nord",
        description="Lamps and shelves made in the north, sent everywhere.",
        joined="2019-03-20T09:00:00+00:00",
        verified_type="business",
        follows=(PROOF,),
    ),
    SeedAccount(
        id=1_511_284_907_008_000_002,
        username=PROOF,
        name="Atelier Nord, proofs",
        description="Private. What Atelier Nord is about to say, seen by the team first.",
        joined="2022-04-05T10:00:00+00:00",
        is_test=True,
        protected=True,
        follows=(BRAND,),
    ),
    SeedAccount(
        id=1_622_571_843_584_000_003,
        username=SHOP,
        name="Atelier Nord Shop",
        description="New in the shop, and what came back.",
        joined="2023-02-06T12:00:00+00:00",
        access=Access.READ,
    ),
)

SHOP_FOLLOWERS = 40

# What the brand has said so far: days ago, hour, text.
PAST_POSTS = (
    (41, 9, "We opened the second workshop today. Same wood, more benches, one more kettle."),
    (34, 16, "Ask us anything about oiling oak. Our carpenter Ida answers until six."),
    (
        27,
        8,
        "The Fjell shelf is back in ash and in smoked oak: https://ateliernord.example.com/fjell",
    ),
    (
        19,
        12,
        "A lamp should be repairable. Here is how ours come apart, with one screwdriver & a coin.",
    ),
    (12, 10, "Three mornings of fog, one good photograph."),
    (6, 17, "Sold out twice, so we made it a third time. The Lykt lamp ships on Monday."),
    (2, 9, "Winter hours: the showroom opens at ten from now on. Coffee as before."),
)

# What people write to the brand.
HELLOS = (
    "Hi! Does the Lykt lamp come with a longer cable?",
    "Bonjour, livrez-vous en Belgique ?",
    "Is the Fjell shelf still available in ash?",
    "Hallo, wie lange dauert der Versand nach Wien?",
    "Thank you, the table arrived today. Beautiful work.",
    "¿Tenéis tienda en Madrid?",
    "こんにちは。日本へ発送できますか？",
    "My order came with a scratched leg, what can we do?",
    "Salve, fate anche mobili su misura?",
    "Could you send me the catalogue?",
    "Merhaba, fiyat listesi alabilir miyim?",
    "Do you repair older lamps too?",
    "Добрий день, чи є доставка до Києва?",
    "Which oil do you use on the oak tops?",
    "Olá! A estante aguenta vinis?",
    "When will the smoked oak be back?",
)
OPT_INS = ("YES", "START", "Yes", "Start")
STOP = "STOP"


def credentials(handle: str) -> dict[str, str]:
    """Return the four OAuth 1.0a values that open `handle`; raise KeyError for a stranger."""
    account = next((account for account in ACCOUNTS if account.username == handle), None)
    if account is None:
        raise KeyError(handle)
    return {
        "consumer_key": CONSUMER_KEY,
        "consumer_secret": CONSUMER_SECRET,
        "access_token": f"{account.id}-SandboxAccessToken{account.id % 1000:08d}",
        "access_token_secret": f"sandbox-token-secret-of-{handle}",
    }
