"""Two profiles become one, and two again where somebody thinks better of it."""
