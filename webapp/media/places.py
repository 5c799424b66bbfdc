"""Where higher domains say that they use a picture, so that nobody deletes it below them."""

from collections.abc import Collection

from webapp.kernel.panels import Place

# Asked with hashes of files; whoever adds returns those of them that it shows somewhere.
USED: Place[[Collection[str]], Collection[str]] = Place("media/used")
