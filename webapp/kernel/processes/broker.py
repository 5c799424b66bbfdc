"""What ails a broker, told from how it fails, and a connection that lets no page wait for it."""

from enum import StrEnum

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004 - the library's own
)
from redis.retry import Retry

PATIENCE = 1


class BrokerFault(StrEnum):
    """Why the broker takes no work."""

    NOTHING = ""
    GONE = "gone"
    SILENT = "silent"
    CLOSED = "closed"
    LOADING = "loading"
    FULL = "full"
    REPLICA = "replica"
    REFUSES = "refuses"


KINDS: tuple[tuple[tuple[type[RedisError], ...], BrokerFault], ...] = (
    ((TimeoutError,), BrokerFault.SILENT),
    ((BusyLoadingError,), BrokerFault.LOADING),
    ((AuthenticationError, AuthorizationError), BrokerFault.CLOSED),
    ((OutOfMemoryError,), BrokerFault.FULL),
    ((ReadOnlyError,), BrokerFault.REPLICA),
    ((ResponseError,), BrokerFault.REFUSES),
)
# How a server begins to say that somebody has to log in first.
LOG_IN = ("NOAUTH", "WRONGPASS", "NOPERM", "DENIED")


def fault_of(error: RedisError) -> BrokerFault:
    """Return what ails a broker that answered like this."""
    if str(error).startswith(LOG_IN):
        return BrokerFault.CLOSED
    return next((fault for kinds, fault in KINDS if isinstance(error, kinds)), BrokerFault.GONE)


def impatient(url: str) -> Redis:
    """Return a connection that gives up after a second and tries nothing twice.

    A broker that accepts connections and says nothing would else hold up every page.
    """
    return Redis.from_url(
        url,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )
