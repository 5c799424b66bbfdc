"""What stands between the core and a channel: its context, the guard, the network."""
