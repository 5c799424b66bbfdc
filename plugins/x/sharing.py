"""What people share of their profile on X, and what X minds about pages that ask them.

X forbids to pay, with money or anything else, for follows, reposts, likes and replies; what a form
is rewarded with may not depend on one of these. Source: X's developer policy and its guidelines.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from channels import Finding, Level
from channels.sentences import _

WHO = ("users.read", "tweet.read")
# Stems, since the words of a page are bent in many ways, and in whatever language it has.
REWARDS = (
    "win", "winner", "prize", "giveaway", "raffle", "discount", "voucher", "coupon", "reward",
    "gift", "free", "earn", "gewinn", "verlos", "gutschein", "rabatt", "geschenk", "gratis",
    "concours", "gagne", "cadeau", "remise", "sorteo", "gana", "premio", "regalo", "descuento",
    "sconto", "vinci", "ganhe", "desconto",
)  # fmt: skip
ACTIONS = (
    "follow", "repost", "retweet", "like us", "like this", "like our", "reply", "folge", "folgt",
    "folgen", "teile", "suivez", "suivre", "abonne", "repartage", "republie", "sigue", "seguir",
    "síguenos", "comparte", "segui", "siga",
)  # fmt: skip
SENTENCE = re.compile(r"[.!?\n]+")


def _stems(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"\b(" + "|".join(map(re.escape, words)) + ")", re.IGNORECASE)


REWARD, ACTION = _stems(REWARDS), _stems(ACTIONS)


class XSharing:
    """The sharing part of the channel."""

    def fields(self) -> Mapping[str, Sequence[str]]:
        """Return what X tells of somebody who signs in; an address takes a scope of its own."""
        return {"person": WHO, "name": WHO, "email": (*WHO, "users.email")}

    def check(self, text: str) -> Iterator[Finding]:
        """Yield a warning where one sentence names a reward and something people do on X."""
        for sentence in SENTENCE.split(text):
            reward, action = REWARD.search(sentence), ACTION.search(sentence)
            if reward and action:
                message = _(
                    "X forbids rewards for follows, reposts, likes and replies. This sentence "
                    "reads like one: “%(sentence)s”. Tie the reward to this form alone.",
                    sentence=" ".join(sentence.split())[:200],
                )
                yield Finding(code="paid_action", level=Level.WARNING, message=message)
                return
