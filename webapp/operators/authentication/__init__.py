"""Log-in: passwords, sessions, and what slows down whoever guesses."""
