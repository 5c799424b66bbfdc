"""The processes of an instance: scheduler, workers, and what supervises them."""
