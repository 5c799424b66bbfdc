"""The core of Fanfare: one folder for each domain of the product."""
