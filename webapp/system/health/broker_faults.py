"""What ails a broker that takes no work, in words, each with its own help."""

from webapp.kernel.i18n import _
from webapp.kernel.processes.broker import BrokerFault
from webapp.kernel.processes.queue import QueueHealth


def sick(queue: QueueHealth) -> tuple[str, str]:
    """Return what ails the broker, and what helps."""
    known = {
        BrokerFault.SILENT: (
            _("takes connections but does not answer"),
            _("It is stuck, stopped or overloaded: look at its log, then restart Redis or Valkey."),
        ),
        BrokerFault.CLOSED: (
            _("lets nobody in with this password"),
            _("Put the user and password of Redis or Valkey into REDIS_URL."),
        ),
        BrokerFault.LOADING: (
            _("still loads its data"),
            _("Wait until Redis or Valkey has read its data; nothing else is to be done."),
        ),
        BrokerFault.FULL: (
            _("is out of memory"),
            _("Raise maxmemory of Redis or Valkey, or remove what other programs left in it."),
        ),
        BrokerFault.REPLICA: (
            _("is a replica, which takes nothing"),
            _("Let REDIS_URL name the primary."),
        ),
        BrokerFault.REFUSES: (
            _("refuses work: %(said)s", said=queue.said),
            _("Mend what Redis or Valkey says; often the disk it saves to is full."),
        ),
    }
    gone = (_("does not answer"), _("Start Redis or Valkey, or check REDIS_URL."))
    return known.get(queue.fault, gone)
