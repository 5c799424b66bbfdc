"""What many networks have in common about texts: a plain length, and words that ask for an end."""

from collections.abc import Iterator

from flask_babel import gettext as _

from channels.values import Content, Finding, Level, Measure, Wish

# One word alone, whatever its case and marks, in the languages of the networks' help pages.
STOP_WORDS = frozenset(
    {
        "stop", "stopp", "stopall", "unsubscribe", "cancel", "quit", "end", "arret", "arrêt",
        "arrêter", "arreter", "désabonner", "abmelden", "abbestellen", "baja", "cancelar", "parar",
        "alto", "basta", "disiscriviti", "afmelden", "uitschrijven", "sair", "avsluta", "lopeta",
        "стоп", "отписаться", "停止", "配信停止", "退订", "중지",
    }
)  # fmt: skip
OPT_IN_WORDS = frozenset(
    {
        "yes", "start", "join", "subscribe", "unstop", "oui", "démarrer", "abonner", "ja",
        "anmelden", "sí", "si", "alta", "suscribir", "sim", "iniziare", "iscriviti", "aanmelden",
        "да", "старт", "はい", "开始", "네",
    }
)  # fmt: skip
MARKS = " .!?,;:'\"“”«»()[]*_-\n\t"


def wish_of(text: str) -> Wish | None:
    """Return what a message asks for, when it is a single known word."""
    word = text.strip(MARKS).casefold()
    if word in STOP_WORDS:
        return Wish.STOP
    return Wish.OPT_IN if word in OPT_IN_WORDS else None


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
