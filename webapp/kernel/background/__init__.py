"""The signs of life of the background, and whether it can go on at all."""
