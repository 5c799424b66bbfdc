"""Schedules: how they are said, what they mean, and when they come due."""
