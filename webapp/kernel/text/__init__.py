"""Texts, names and numbers: made clean, compared, written for people and for files."""
