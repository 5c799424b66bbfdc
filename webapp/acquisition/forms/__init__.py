"""The forms of pages that ask people."""
