"""The first name a person is greeted by, and no name where it would be a guess."""

import re
import unicodedata

from webapp.audience.names import shown

# Words before or after a name that are no part of it, without their dots.
TITLES = frozenset(
    {
        "mr", "mrs", "ms", "miss", "mx", "dr", "drs", "prof", "professor", "sir", "dame", "lady",
        "lord", "rev", "fr", "hon", "capt", "col", "gen", "sgt", "lt", "herr", "frau", "hr", "fru",
        "dipl", "ing", "mag", "monsieur", "madame", "mademoiselle", "mme", "mlle", "m", "me",
        "sr", "sra", "srta", "señor", "señora", "señorita", "don", "doña", "dra", "lic",
        "senhor", "senhora", "dom", "dona", "sig", "signor", "signora", "dott", "dottssa", "avv",
        "pan", "pani", "mgr", "inż", "bay", "bayan", "sri", "shri", "smt", "kumari", "md", "phd",
        "\u0433", "госпожа", "господин", "др", "السيد", "السيدة", "د", "دكتور", "الدكتور",
        "الدكتورة",
    }
)  # fmt: skip
# Words that begin the name of a house rather than of a person.
ARTICLES = frozenset(
    {
        "the", "a", "an", "team", "official", "le", "la", "les", "el", "los", "las", "lo", "il",
        "der", "die", "das", "den", "het", "de", "o", "os", "as", "our", "my", "café", "cafe",
        "studio", "atelier", "hotel", "restaurant", "radio", "club", "shop", "news", "st", "saint",
    }
)  # fmt: skip
# Family names that stand first in Vietnam; people are called by the last word there.
VIETNAMESE = frozenset(
    {
        "nguyễn", "trần", "phạm", "huỳnh", "võ", "vũ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương",
        "đinh", "lý", "trịnh", "trương", "lê", "hoàng",
    }
)  # fmt: skip
# What people put between their name and what they do.
SEPARATORS = re.compile(r"\s*(?:[|/\\•·∙●~♡♥★☆→»«(){}\[\]:;\u2013\u2014]|\s-\s).*", re.DOTALL)
HAN_OR_KANA = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
HANGUL = re.compile(r"[\uac00-\ud7a3]+")
POSSESSIVE = re.compile(r"['\u2019]s$", re.IGNORECASE)
# Signs that may stand inside a word of a name: apostrophes, hyphens, hidden joiners.
INSIDE = frozenset("'-\u2018\u2019\u02bc\u2010\u200c\u200d")
# Categories of Unicode whose signs may stand around a word: punctuation, symbols, blanks, controls.
AROUND = "PSZC"
SHORTEST = 2


def first_name(name: str) -> str:
    """Return the word of a name that a greeting may use; nothing where none is sure to be it.

    In Chinese, Japanese, Korean and Vietnamese the family name stands first, and a greeting by it
    alone is rude; where the given name cannot be told from it, there is none.
    """
    return of_shown(shown(name))


def of_shown(name: str) -> str:
    """Return the same of a name as it is shown."""
    plain = unicodedata.normalize("NFKC", name)
    if plain.replace(" ", "").isalpha():
        return _of_words(plain)
    if plain.startswith("@"):
        return ""
    before, comma, after = SEPARATORS.sub("", plain).partition(",")
    turned = bool(comma) and len(before.split()) == 1  # Smith, John
    words, titled = _words(after if turned else before)
    if titled and len(words) == 1 and not turned:
        return ""  # Ms Lopez
    return _given(words) if words else ""


def _of_words(plain: str) -> str:
    """Return the first name of letters and blanks alone, as most names are."""
    parts = plain.split()
    words = [part for part in parts if part.casefold() not in TITLES]
    titled = len(words) < len(parts)
    return _given(words) if words and not (titled and len(words) == 1) else ""


def _given(words: list[str]) -> str:
    """Return which of the words of a name is the given one, by the habits of its script."""
    first = words[0]
    if first.isascii():
        return first if _greets(first) else ""
    if HANGUL.fullmatch(first):
        return words[1] if len(words) == 2 and len(first) == 1 else ""  # noqa: PLR2004 - a pair
    if len(words) > 1 and first.casefold() in VIETNAMESE:
        return words[-1]
    return first if _greets(first) else ""


def _greets(word: str) -> bool:
    """Tell whether a word is a name in full: neither an initial, nor of a house, nor of a shop."""
    return (
        len(word) >= SHORTEST
        and word.casefold() not in ARTICLES
        and (word.isascii() or not HAN_OR_KANA.search(word))
        and (word.isalpha() or _is_of_signs_of_names(word))
    )


def _is_of_signs_of_names(word: str) -> bool:
    return not POSSESSIVE.search(word) and all(_is_of_a_name(sign) for sign in word)


def _is_of_a_name(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" or sign in INSIDE


def _words(text: str) -> tuple[list[str], bool]:
    """Return the words of a name without the signs around them, and whether titles were left out.

    A flower or a quotation mark is no part of a name; a digit or an underline is, and shows that
    the word is no name.
    """
    bare = [_bare(part) for part in text.split()]
    words = [part for part in bare if part and part.casefold() not in TITLES]
    return words, len(words) < sum(map(bool, bare))


def _bare(part: str) -> str:
    if part.isalpha():
        return part
    inside = [
        place
        for place, sign in enumerate(part)
        if unicodedata.category(sign)[0] not in AROUND or sign in "@#_"
    ]
    return part[inside[0] : inside[-1] + 1] if inside else ""
