"""The pages of services: list, set-up with its guide, dashboard, account, quota and cost."""

from webapp.services.views import apps, edit, listing, show, sign_ins, signing_in
from webapp.services.views.blueprint import blueprint

__all__ = ["apps", "blueprint", "edit", "listing", "show", "sign_ins", "signing_in"]
