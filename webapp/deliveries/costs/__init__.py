"""What deliveries cost and may take: prices, the month's budget, waves, what the inbox adds."""
