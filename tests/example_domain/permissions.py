"""What each permission lets people do with reminders."""

from webapp.kernel.permissions import May, Permission

PERMISSIONS = (May(Permission.VIEW, "See the reminders"),)
