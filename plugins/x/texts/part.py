"""The texts part of the channel: what X draws apart."""

from collections.abc import Sequence

from channels import Piece
from plugins.x import texts

TAGS = frozenset({"hashtag", "cashtag"})


class XTexts:
    """Cuts texts by the rule that measures and prices them."""

    def pieces(self, text: str) -> Sequence[Piece]:
        """Cut the text where X draws links, mentions, hashtags and cashtags."""
        return [
            Piece(
                kind="tag" if piece.kind in TAGS else piece.kind,
                text=piece.text,
                address=piece.address,
                short=piece.short,
            )
            for piece in texts.read(text).pieces()
        ]
