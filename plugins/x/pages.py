"""X's own templates, which take the place of the core's plain ones."""

from flask import Blueprint

from channels import ChannelHost


class XPages:
    """The pages part of the channel."""

    def blueprint(self, _host: ChannelHost) -> Blueprint:
        """Return the blueprint that carries the templates."""
        return Blueprint("channel_x", __name__, template_folder="templates")
