"""Templates, deliveries, their messages and the attempts to send them."""

from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models.addressing import DeliveryRecipient, DeliveryService
from webapp.deliveries.models.content import (
    ContentPart,
    DeliveryVariant,
    PartMedia,
    PartText,
    Shown,
)
from webapp.deliveries.models.deletion import Deletion, DeletionOutcome
from webapp.deliveries.models.delivery import (
    ACTIVE,
    EDITABLE,
    MOVING,
    OVER,
    UNSENT,
    Audience,
    Delivery,
    DeliveryState,
    Held,
    LatePolicy,
)
from webapp.deliveries.models.experiment import (
    Arm,
    Experiment,
    ExperimentPlan,
    Metric,
    StopRule,
)
from webapp.deliveries.models.feedback import (
    Arrival,
    ChannelEvent,
    EventOutcome,
)
from webapp.deliveries.models.follow_up import FollowUp
from webapp.deliveries.models.link import DeliveryLink
from webapp.deliveries.models.message import (
    Attempt,
    AttemptOutcome,
    FailureQuarter,
    Message,
    MessageCount,
    MessageState,
)
from webapp.deliveries.models.metric import PostMetric
from webapp.deliveries.models.target_count import TargetCount
from webapp.deliveries.models.template import Template
from webapp.deliveries.models.upload import GOES_ON, MediaUpload, UploadState

__all__ = [
    "ACTIVE",
    "EDITABLE",
    "GOES_ON",
    "MOVING",
    "OVER",
    "UNSENT",
    "Arm",
    "Arrival",
    "Attempt",
    "AttemptOutcome",
    "Audience",
    "ChannelEvent",
    "ContentPart",
    "Deletion",
    "DeletionOutcome",
    "Delivery",
    "DeliveryKind",
    "DeliveryLink",
    "DeliveryRecipient",
    "DeliveryService",
    "DeliveryState",
    "DeliveryVariant",
    "EventOutcome",
    "Experiment",
    "ExperimentPlan",
    "FailureQuarter",
    "FollowUp",
    "Held",
    "LatePolicy",
    "MediaUpload",
    "Message",
    "MessageCount",
    "MessageState",
    "Metric",
    "PartMedia",
    "PartText",
    "PostMetric",
    "Shown",
    "StopRule",
    "TargetCount",
    "Template",
    "UploadState",
]
