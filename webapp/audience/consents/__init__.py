"""What people answered about being written to: kept for good, and what follows from it."""
