"""The send ledger: nothing is sent twice, nothing is lost, what is unknown is said to be unknown.

For each message: claim it, reserve quota, commit the attempt, call the network, record the
outcome. Whatever dies in between leaves a row that says how far it came.
"""

from webapp.deliveries.sending.batch import send_batch
from webapp.deliveries.sending.claims import due, is_due
from webapp.deliveries.sending.helping import help_out, to_help

__all__ = ["due", "help_out", "is_due", "send_batch", "to_help"]
