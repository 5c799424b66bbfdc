"""The contract between Fanfare and its channels: a plugin author reads only this folder."""

from channels.channel import Channel, Option
from channels.clock import Clock, FileClock, SystemClock
from channels.context import ChannelContext, ChannelHost
from channels.errors import ChannelError, ErrorKind, tried
from channels.forms import SecretField, SettingsForm
from channels.hooks import CONTRACT, ENTRY_POINT_GROUP, PROJECT, hookimpl, hookspec
from channels.hookspecs import DeliveryDraft, DeliveryEvent
from channels.kinds import MessageKind
from channels.operations import CountsAs, Operation
from channels.outcomes import Attempt, NotSent, Sent, Unknowable
from channels.outgoing import Accepts, Content, Feature, Media, Outgoing, Part
from channels.permissions import needs
from channels.slots import TEMPLATE_SLOTS
from channels.values import (
    Account,
    AudiencePage,
    Check,
    CheckState,
    Finding,
    InboundMessage,
    InboundPage,
    Level,
    Limit,
    Measure,
    ObservedLimit,
    Person,
    Piece,
    Price,
    RemotePost,
    Scope,
    Wish,
)
from channels.workflows import ChannelWorkflow, StepResult

__all__ = [
    "CONTRACT",
    "ENTRY_POINT_GROUP",
    "PROJECT",
    "TEMPLATE_SLOTS",
    "Accepts",
    "Account",
    "Attempt",
    "AudiencePage",
    "Channel",
    "ChannelContext",
    "ChannelError",
    "ChannelHost",
    "ChannelWorkflow",
    "Check",
    "CheckState",
    "Clock",
    "Content",
    "CountsAs",
    "DeliveryDraft",
    "DeliveryEvent",
    "ErrorKind",
    "Feature",
    "FileClock",
    "Finding",
    "InboundMessage",
    "InboundPage",
    "Level",
    "Limit",
    "Measure",
    "Media",
    "MessageKind",
    "NotSent",
    "ObservedLimit",
    "Operation",
    "Option",
    "Outgoing",
    "Part",
    "Person",
    "Piece",
    "Price",
    "RemotePost",
    "Scope",
    "SecretField",
    "Sent",
    "SettingsForm",
    "StepResult",
    "SystemClock",
    "Unknowable",
    "Wish",
    "hookimpl",
    "hookspec",
    "needs",
    "tried",
]
