"""What many networks have in common about texts: a plain length, and words that ask for an end."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from flask_babel import gettext as _

from channels.values import Content, Finding, Level, Measure, Wish

# The words of the networks' help pages, in the languages people answer in; marks do not count.
STOP_WORDS = frozenset(
    {
        "stop", "stopp", "stopall", "unsubscribe", "optout", "cancel", "quit", "end", "arrêt",
        "arrêter", "arrêtez", "désabonner", "désinscrire", "désinscription", "abmelden",
        "abbestellen", "aufhören", "baja", "cancelar", "detener", "parar", "alto", "basta",
        "disiscriviti", "afmelden", "uitschrijven", "sair", "avsluta", "lopeta", "iptal", "wypisz",
        "стоп", "отписаться", "відписатися", "توقف", "إلغاء", "הסר", "停止", "配信停止",
        "退订", "退訂", "取消", "중지", "수신거부",
    }
)  # fmt: skip
# These mean it in a sentence as well.
PLAIN_STOPS = frozenset({"stop", "stopp", "unsubscribe", "désabonner", "abmelden", "стоп"})
OPT_IN_WORDS = frozenset(
    {
        "yes", "start", "join", "subscribe", "unstop", "oui", "démarrer", "abonner", "ja",
        "anmelden", "sí", "si", "alta", "suscribir", "sim", "iniziare", "iscriviti", "aanmelden",
        "да", "старт", "はい", "开始", "네",
    }
)  # fmt: skip
POLITE = frozenset(
    {
        "please", "pls", "plz", "just", "now", "ok", "hey", "hi", "hello", "thanks", "bitte",
        "jetzt", "danke", "merci", "svp", "por", "favor", "gracias", "пожалуйста",
    }
)  # fmt: skip
NEGATIONS = frozenset({"not", "don", "dont", "never", "nicht", "nie", "pas", "ne", "no", "не"})
# Who stops by ends nothing.
VISITS = frozenset({"by", "at", "in", "over"})
LONGEST_REQUEST = 6
WORD = re.compile(r"\w+")
# Marks above and below letters, and signs that nobody sees.
LOST = ("Mn", "Cf")


def wish_of(text: str) -> Wish | None:
    """Return what a message asks for: a known word alone, or a short sentence around STOP.

    In doubt it is STOP, since whoever is written to after it may report the account; an agreement
    is never guessed.
    """
    words = _words(text)
    if len(words) == 1 and words[0] in _folded(OPT_IN_WORDS):
        return Wish.OPT_IN
    asked = [word for word in words if word not in POLITE]
    if len(asked) == 1 and asked[0] in _folded(STOP_WORDS):
        return Wish.STOP
    return Wish.STOP if _asks_to_stop(asked, doubtful="?" in text) else None


def _asks_to_stop(words: Sequence[str], *, doubtful: bool) -> bool:
    """Tell whether a short sentence begins with STOP, or ends with it and is no question."""
    if not 0 < len(words) <= LONGEST_REQUEST or NEGATIONS & {*words}:
        return False
    if words[1:2] and words[1] in VISITS:
        return False
    ends = words[:1] if doubtful else (words[0], words[-1])
    return any(word in _folded(PLAIN_STOPS) for word in ends)


def _words(text: str) -> list[str]:
    """Return the words of a text in small letters without marks, in whatever width they are."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return WORD.findall("".join(sign for sign in plain if unicodedata.category(sign) not in LOST))


@cache
def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(folded for word in words for folded in _words(word))


class PlainText:
    """Measures and checks texts where every character counts one; a part may inherit it.

    `limit` is the most characters the network takes.
    """

    limit: int

    def measure(self, text: str) -> Measure:
        """Count the characters."""
        return Measure(length=len(text), limit=self.limit)

    def check(self, content: Content) -> Iterator[Finding]:
        """Yield an error for a part that is empty or too long."""
        for part in content.parts:
            if not part.text.strip():
                yield Finding(code="empty", level=Level.ERROR, message=_("There is no text yet."))
            over = len(part.text) - self.limit
            if over > 0:
                message = _("The text is %(n)s characters too long.", n=over)
                yield Finding(code="too_long", level=Level.ERROR, message=message)
