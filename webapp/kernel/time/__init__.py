"""Days, moments and spans, by the clocks of a zone or of the machine."""
