"""Commands about the instance, its processes and its plugins."""
