"""What an instance begins with, how it is upgraded, and its sandbox."""
