"""What reports read: counters, daily rows and few others, never the log."""
