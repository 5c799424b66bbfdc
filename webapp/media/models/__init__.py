"""The table of the domain."""

from webapp.media.models.file import MediaFile

__all__ = ["MediaFile"]
