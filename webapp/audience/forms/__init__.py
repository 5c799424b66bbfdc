"""The forms of the audience: the editor of conditions, and what a person's card asks."""

from webapp.audience.forms.editor import Editor, EditorPage, read

__all__ = ["Editor", "EditorPage", "read"]
