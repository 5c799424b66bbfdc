"""The tasks that workflows run."""
