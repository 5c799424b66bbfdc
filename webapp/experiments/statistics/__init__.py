"""Formulas alone: nothing here knows a delivery, a database or a page; see docs/experiments.md."""
