"""X's own templates and icon; the slots are filled by the core."""

from flask import Blueprint

from channels import ChannelHost


class XPages:
    """The pages part of the channel."""

    def blueprint(self, _host: ChannelHost) -> Blueprint:
        """Return the blueprint that carries the templates."""
        return Blueprint("channel_x", __name__, template_folder="templates")
