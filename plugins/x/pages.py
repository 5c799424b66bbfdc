"""X's own templates, which take the place of the core's plain ones."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint

from channels import ChannelHost
from plugins.x import links


class XPages:
    """The pages part of the channel."""

    def blueprint(self, host: ChannelHost) -> Blueprint:
        """Return the blueprint that carries the templates."""
        blueprint = Blueprint("channel_x", __name__, template_folder="templates")

        @blueprint.app_template_global("x_profile")
        def profile(remote_id: str, in_sandbox: bool) -> str:  # noqa: FBT001 - a template's call
            """Return where the profile of a person can be seen; empty where it cannot."""
            return links.of_person(host.config(), remote_id, in_sandbox=in_sandbox)

        @blueprint.app_template_global("x_post")
        def post(handle: str, in_sandbox: bool) -> Callable[[str], str]:  # noqa: FBT001 - as above
            """Return what gives a post of an account its address."""
            return partial(links.of_post_by, host.config(), handle, in_sandbox=in_sandbox)

        return blueprint
