"""The audit as operators read it."""
