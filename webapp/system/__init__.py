"""The instance as a whole: home, settings pages, health, search, supervision."""
