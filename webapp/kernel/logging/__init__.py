"""The log of a process, and what each of its lines names."""
