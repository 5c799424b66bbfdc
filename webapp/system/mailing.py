"""Whether mail can be sent, and a mail that shows it."""

from webapp.kernel import mail
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.mail import MailFault
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator


@requires(Permission.ADMIN)
def try_out(runtime: Runtime) -> str:
    """Send a mail to whoever acts and return their address; raise `Conflict` with a sentence."""
    operator = runtime.session.get(Operator, runtime.actor.operator_id or 0)
    if operator is None:
        raise Conflict(_("Log in as the operator whom the test is for."))
    address = operator.email
    # No transaction is open while the server is asked.
    runtime.session.commit()
    try:
        mail.send(
            runtime.settings,
            address,
            _("A test of Fanfare"),
            _("This mail shows that Fanfare can send mail."),
        )
    except MailFault as fault:
        raise Conflict(fault.message) from fault
    return address
