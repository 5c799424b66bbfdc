"""Mounts the pages that channels bring, and lends them what they may ask for."""

import logging
from collections.abc import Mapping

from flask import Flask, g, url_for

from channels import Channel, ChannelContext, inspection
from webapp.kernel.plugins import admission
from webapp.kernel.plugins.registry import Registry
from webapp.services.channel import declared
from webapp.services.channel.context import context_of
from webapp.services.models import Service

log = logging.getLogger(__name__)


class Host:
    """The core as one channel's own pages may see it."""

    def __init__(self, kind: str, registry: Registry) -> None:
        """Serve the channel of `kind`."""
        self._kind = kind
        self._registry = registry

    def context(self, service_id: int) -> ChannelContext:
        """Lend the context of a service of this channel; raises `LookupError` for others."""
        service = g.runtime.session.get(Service, service_id)
        if service is None or service.kind != self._kind or service.removed_at:
            raise LookupError(service_id)
        return context_of(g.runtime, service)

    def service_url(self, service_id: int) -> str:
        """Return the address of a service's page."""
        return url_for("services.show", service_id=service_id)

    def config(self) -> Mapping[str, str]:
        """Return the channel's `FANFARE_<KIND>_*` options."""
        return self._registry.config(self._kind)


def mount(app: Flask, registry: Registry) -> None:
    """Register each channel's blueprint at `/channels/<kind>`; one that fails leaves alone."""
    for channel in registry:
        try:
            _mount(app, registry, channel)
        # A channel may fail in any way while it makes its pages; it must not take the core along.
        except Exception as fault:
            log.exception("The pages of %s failed.", channel.kind)
            registry.disable_channel(channel.kind, admission.sentence(fault))


def _mount(app: Flask, registry: Registry, channel: Channel) -> None:
    if channel.pages is None:
        return
    blueprint = declared.blueprint(channel, Host(channel.kind, registry))
    admission.refuse_faults([inspection.blueprint_check(channel.kind, blueprint)])
    app.register_blueprint(blueprint, url_prefix=f"/channels/{channel.kind}")
