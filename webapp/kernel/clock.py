"""The clock of this process; nothing else asks the system for the time."""

from channels.clock import Clock, FileClock, SystemClock
from webapp.kernel.config.settings import Settings

__all__ = ["Clock", "FileClock", "SystemClock", "clock_of"]


def clock_of(settings: Settings) -> Clock:
    """Return the system's clock, or the shared one that the settings name."""
    return FileClock(settings.clock) if settings.clock else SystemClock()
