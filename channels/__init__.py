"""The contract between Fanfare and its channels: a plugin author reads only this folder."""

from channels.channel import Channel, Option
from channels.clock import Clock, FileClock, SystemClock
from channels.context import ChannelContext, ChannelHost
from channels.errors import ChannelError, ErrorKind, tried
from channels.events import Event, EventKind, EventRequest, Received
from channels.forms import SecretField, SettingsForm
from channels.hooks import CONTRACT, ENTRY_POINT_GROUP, PROJECT, hookimpl, hookspec
from channels.hookspecs import DeliveryDraft, DeliveryEvent
from channels.kinds import MessageKind
from channels.media import MediaState, RemoteMedia
from channels.metrics import PostFigures
from channels.operations import CountsAs, Operation
from channels.outcomes import Attempt, NotSent, Sent, Unknowable
from channels.outgoing import Accepts, Content, Feature, Media, Outgoing, Part
from channels.permissions import needs
from channels.sessions import MovingWords, Session
from channels.signing_in import Granted, SharedProfile, SignInRequest
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
    "Event",
    "EventKind",
    "EventRequest",
    "Feature",
    "FileClock",
    "Finding",
    "Granted",
    "InboundMessage",
    "InboundPage",
    "Level",
    "Limit",
    "Measure",
    "Media",
    "MediaState",
    "MessageKind",
    "MovingWords",
    "NotSent",
    "ObservedLimit",
    "Operation",
    "Option",
    "Outgoing",
    "Part",
    "Person",
    "Piece",
    "PostFigures",
    "Price",
    "Received",
    "RemoteMedia",
    "RemotePost",
    "Scope",
    "SecretField",
    "Sent",
    "Session",
    "SettingsForm",
    "SharedProfile",
    "SignInRequest",
    "StepResult",
    "SystemClock",
    "Unknowable",
    "Wish",
    "hookimpl",
    "hookspec",
    "needs",
    "tried",
]
