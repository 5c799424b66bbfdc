"""What tracking adds to places of lower domains."""

from webapp.deliveries.places import SHORTEN
from webapp.tracking import personal_data
from webapp.tracking.shortening import shorten

ADDITIONS = (
    SHORTEN.add(shorten),
    *personal_data.ADDITIONS,
)
