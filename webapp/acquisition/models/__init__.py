"""Pages where people share something of themselves, their versions, and what came of them."""

from webapp.acquisition.models.asked import AcquisitionAnswer, AcquisitionVisit
from webapp.acquisition.models.counted import AcquisitionDay, AcquisitionSource
from webapp.acquisition.models.page import (
    AcquisitionPage,
    AcquisitionPicture,
    AcquisitionVersion,
    PageKind,
    PageState,
)

__all__ = [
    "AcquisitionAnswer",
    "AcquisitionDay",
    "AcquisitionPage",
    "AcquisitionPicture",
    "AcquisitionSource",
    "AcquisitionVersion",
    "AcquisitionVisit",
    "PageKind",
    "PageState",
]
