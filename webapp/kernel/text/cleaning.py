"""Texts and numbers from outside, as every database can take them."""

# The largest number that the columns of ids and counts hold.
LARGEST = 2**31 - 1


def clean(text: str) -> str:
    """Return a text without what no database keeps: zero bytes and halves of characters."""
    kept = text.replace("\0", "")
    if kept.isascii():
        return kept
    try:
        kept.encode()
    except UnicodeEncodeError:
        return kept.encode(errors="replace").decode()
    return kept


def whole(text: object) -> int:
    """Read a whole number that a column of ids holds; raise `ValueError` for any other."""
    number = int(str(text))
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}.")
    return number
