"""Privacy: a copy of what is stored about somebody, and wishes to be erased."""

from webapp.privacy.views import copies, erasures, reader
from webapp.privacy.views.blueprint import blueprint

__all__ = ["blueprint", "copies", "erasures", "reader"]
