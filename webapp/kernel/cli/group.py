"""Groups of commands; light, because every start of the command line imports it."""

from importlib import import_module

import click


class Group(click.Group):
    """A group that tells whoever mistypes a word which one is nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the first word, or say which one might be meant."""
        if args and self.get_command(ctx, args[0]) is None:
            near = import_module("webapp.kernel.text.suggestions").near
            hint = near(args[0], self.list_commands(ctx))
            raise click.UsageError(f"There is no command {args[0]}. {hint}".rstrip(), ctx)
        return super().resolve_command(ctx, args)
