"""An offline X: it answers like X's API v2 where Fanfare calls it, in a process of its own."""
