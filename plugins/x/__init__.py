"""The X channel: posts, direct messages, audience and inbox of an account on X."""

from collections.abc import Sequence

from channels import Channel, hookimpl


@hookimpl
def register_channels() -> Sequence[Channel]:
    """Offer the X channel; its libraries are read when they are first needed."""
    from plugins.x.channel import XChannel  # noqa: PLC0415 - keeps the command line quick

    return [XChannel()]
