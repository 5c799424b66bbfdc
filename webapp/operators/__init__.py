"""The people who log in to Fanfare: log-in, roles, invitations, first run."""
