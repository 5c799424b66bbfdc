"""The forms of the audience: the editor of conditions, and what a person's card asks."""

from webapp.audience.forms.editor import Editor, Place, read

__all__ = ["Editor", "Place", "read"]
