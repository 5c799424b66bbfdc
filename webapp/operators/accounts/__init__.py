"""The accounts of operators: the team, each one's profile, and the first one of all."""
