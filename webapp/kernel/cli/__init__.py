"""What every command shares: its group, its runtime, and how values are typed."""
