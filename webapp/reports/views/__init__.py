"""The pages of reports: of an account, of a delivery, and the sheets behind both."""

from webapp.reports.views import pages
from webapp.reports.views.blueprint import blueprint

__all__ = ["blueprint", "pages"]
