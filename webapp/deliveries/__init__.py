"""Deliveries: templates, content, target, proofs, analysis, and the send ledger."""
