"""What networks count of posts: read once a day, kept by day."""
