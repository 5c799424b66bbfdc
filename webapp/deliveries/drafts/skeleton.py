"""What a text says of its own: without fields, the greeting and the opt-out line.

A template gives a message its frame. Whoever fills nothing into it sends a greeting and a way out,
and nothing between them. What an opt-out line is the table of the words that end messages knows, as
the rule does which asks for one.
"""

import re

from channels.spelling import SENTENCE_ENDS
from channels.wishes import Listener
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.models import ContentPart, Delivery

ENDS = re.escape("".join(sorted(SENTENCE_ENDS)))
SENTENCE = re.compile(rf"[^{ENDS}]+[{ENDS}]*")
NAME = "\x00"
# Words that open a message; any first line of a few words that ends in a comma does, too.
WORDS = """
hi hiya hey hello dear good greetings hallo servus moin guten liebe lieber liebes sehr grüezi
bonjour bonsoir salut coucou cher chère hola buenos buenas querido querida estimado estimada
ciao salve buongiorno buonasera caro cara gentile olá oi bom boa prezado prezada hoi dag beste
hej hejsan kære kjære hei moi terve cześć dzień ahoj dobrý merhaba selam sevgili привет
здравствуйте вітаю привіт γεια مرحبا أهلا שלום नमस्ते こんにちは 你好 您好 안녕하세요 halo xin
"""
GREETINGS = frozenset(WORDS.split())
HEAD = re.compile(r"[^,!:;.\n\u2013\u2014]*")
SHORT = 3
# Signs behind the blocks of punctuation, such as arrows, hearts and emoji, say something.
SIGNS = 0x2190
GAP = re.compile(r"\n[^\S\n]*\n[^\S\n]*\n")


def own_words(text: str, listener: Listener) -> str:
    """Return what is left of a text without its fields, its greeting and its opt-out line."""
    without = texts.FIELD.sub(lambda found: _name_or_nothing(texts.token(found[1])), text)
    without = SENTENCE.sub(
        lambda found: "" if listener.offers(found[0]) else found[0], without.strip()
    )
    return _after_greeting(without.strip()).replace(NAME, "").strip()


def _name_or_nothing(token: str) -> str:
    return NAME if token in texts.PERSONAL or texts.of_profile(token) else ""


def _after_greeting(text: str) -> str:
    head = HEAD.match(text)
    end = head.end() if head else 0
    words = text[:end].replace(NAME, " ").casefold().split()
    # Such as "Hi" and "Good morning, Ana"; the name alone; "Happy new year," on a line of its own.
    greets = len(words) <= SHORT and (words[:1] == [] or words[0] in GREETINGS)
    opens = len(words) <= SHORT and re.match(r",[^\S\n]*(\n|$)", text[end:]) is not None
    return text[end + 1 :] if greets or opens else text


def says_something(text: str, listener: Listener) -> bool:
    """Tell whether anybody wrote something: a letter, a figure, or a sign such as an emoji.

    A greeting that nothing frames was typed as it stands, and is the message.
    """
    if not texts.FIELD.search(text) and not listener.offers(text):
        return bool(text.strip())
    return any(letter.isalnum() or ord(letter) >= SIGNS for letter in own_words(text, listener))


def untouched(text: str, template: str) -> bool:
    """Tell whether a text is still a template that has an empty place to write in."""
    return bool(GAP.search(template.strip())) and text.split() == template.split()


def is_empty(delivery: Delivery) -> bool:
    """Tell whether some variant has nothing to say beside fields."""
    return not all(any(map(_has_own, variant.parts)) for variant in delivery.variants)


def _has_own(part: ContentPart) -> bool:
    return bool(part.media or texts.FIELD.sub("", part.text).strip())
