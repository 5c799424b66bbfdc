"""What domains above may add to tracking."""

from datetime import datetime

from webapp.kernel.panels import Place

# Told before clicks leave, and what followed them, of what was counted before a moment.
LEAVING: Place[[datetime], None] = Place("tracking/leaving")
