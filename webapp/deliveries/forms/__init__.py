"""The forms of deliveries: beginning one, and the steps of the composer."""
