"""Counts what limits allow."""

from channels import ObservedLimit
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def correct(runtime: Runtime, service: Service, limit: ObservedLimit) -> None:
    """Correct a window by what the network stated."""
