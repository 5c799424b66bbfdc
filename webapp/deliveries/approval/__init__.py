"""What an operator decides: proofs, the confirmation, another time, and what failed."""
