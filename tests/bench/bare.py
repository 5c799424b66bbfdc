"""The bare loop everything is compared with: requests, json, executemany; no tweepy, no ORM."""

import csv
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import requests
from requests_oauthlib import OAuth1

from channels.clock import FileClock
from tests.bench.gauge import Gauge
from tests.bench.order import TEXT, Order

COLUMNS = (
    "kind", "remote_id", "origin", "handle", "name", "handle_key", "name_key", "follower_count",
    "verified", "protected", "accepts_messages", "avatar_url", "folder_id", "first_seen_at",
    "seen_at",
)  # fmt: skip
FIELDS = "id,name,username,profile_image_url,protected,public_metrics,receives_your_dm,verified"
SHEET = """
    SELECT v.handle, v.name, v.follower_count, v.verified, v.first_seen_at, s.service_id,
        s.opted_in_at, s.wrote_first_at, s.opted_out_at, s.quarantined_at, v.remote_id
    FROM visitor v LEFT JOIN subscription s ON s.visitor_id = v.id
    ORDER BY v.follower_count DESC, v.id DESC
"""
MESSAGES = """
    INSERT INTO message (delivery_id, service_id, kind, visitor_id, subscription_id, recipient,
        state, reason, said, tries, changed_at)
    SELECT 1, s.service_id, 'direct', v.id, s.id, 'visitor:' || v.id,
        CASE WHEN v.accepts_messages THEN 'pending' ELSE 'ignored' END,
        CASE WHEN v.accepts_messages THEN '' ELSE 'accepts_none' END, '', 0, s.followed_at
    FROM subscription s JOIN visitor v ON v.id = s.visitor_id
"""
FOLDER = "INSERT INTO folder (id, kind, name) VALUES (1, 'visitors', 'Visitors')"


def run(order: Order) -> Gauge:
    """Do what is ordered and return what it took."""
    if order.task in LOCAL:
        return LOCAL[order.task](order)
    caller = Caller(order)
    return send(order, caller) if order.task == "send" else sync(order, caller)


class Caller(requests.Session):
    """Signs each request with the time of the shared clock, as anybody who calls X must."""

    def __init__(self, order: Order) -> None:
        super().__init__()
        self.base = f"{order.sandbox}/2"
        self.account = order.account
        self.keys = tuple(order.keys.values())
        self.clock = FileClock(order.clock)

    def request(self, method: str, url: str, *args: Any, **more: Any) -> requests.Response:
        stamp = str(int(self.clock.now().timestamp()))
        self.auth = OAuth1(*self.keys, timestamp=stamp)
        return super().request(method, self.base + url, *args, timeout=30, **more)


def sync(order: Order, caller: Caller) -> Gauge:
    """Write every follower into a table equal to Fanfare's own."""
    connection = connect(order.database)
    write = statement(order)
    if order.task == "sync":
        connection.execute(FOLDER)
    gauge, cursor = Gauge(), None
    with gauge.running():
        while True:
            page = read(caller, cursor)
            now = caller.clock.now()
            rows = [row(user, now) for user in page.get("data", ())]
            connection.cursor().executemany(write, rows)
            connection.commit()
            gauge.count += len(rows)
            cursor = page["meta"].get("next_token")
            if cursor is None:
                return gauge


def connect(database: str) -> Any:
    """Open a database as plainly as its driver allows, SQLite tuned as Fanfare's is."""
    if not database.startswith("sqlite"):
        return psycopg.connect(database.replace("+psycopg", "", 1))
    connection = sqlite3.connect(database.removeprefix("sqlite:///"))
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def statement(order: Order) -> str:
    """Return the INSERT; a second reading brings known rows up to date."""
    mark = "?" if order.database.startswith("sqlite") else "%s"
    insert = (
        f"INSERT INTO visitor ({', '.join(COLUMNS)}) VALUES ({', '.join(mark for _ in COLUMNS)})"
    )
    if order.task == "sync":
        return insert
    known = ("kind", "remote_id", "origin", "first_seen_at", "folder_id")
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in known)
    return f"{insert} ON CONFLICT (kind, remote_id) DO UPDATE SET {changes}"


def read(caller: Caller, cursor: str | None) -> dict[str, Any]:
    """Read a page; move the clock when the window is spent."""
    params = {"max_results": "1000", "user.fields": FIELDS}
    if cursor:
        params["pagination_token"] = cursor
    while True:
        answer = caller.get(f"/users/{caller.account}/followers", params=params)
        if answer.status_code != requests.codes.too_many_requests:
            answer.raise_for_status()
            return dict(answer.json())
        reset = datetime.fromtimestamp(int(answer.headers["x-rate-limit-reset"]), UTC)
        caller.clock.set(reset + timedelta(seconds=1))


def row(user: dict[str, Any], now: datetime) -> tuple[Any, ...]:
    """Return a user as a row."""
    handle, name = user["username"], user["name"]
    return (
        "x",
        user["id"],
        "sync",
        handle,
        name,
        handle.lower(),
        name.lower(),
        user["public_metrics"]["followers_count"],
        user["verified"],
        user["protected"],
        user["receives_your_dm"],
        user["profile_image_url"],
        1,
        str(now),
        str(now),
    )


def send(order: Order, caller: Caller) -> Gauge:
    """Write the same message to the same people."""
    wanted = f"SELECT remote_id FROM visitor WHERE accepts_messages ORDER BY id LIMIT {order.count}"
    people = connect(order.database).execute(wanted).fetchall()
    gauge = Gauge()
    with gauge.running():
        for (person,) in people:
            path = f"/dm_conversations/with/{person}/messages"
            caller.post(path, json={"text": TEXT}).raise_for_status()
            gauge.count += 1
    return gauge


def sheet(order: Order) -> Gauge:
    """Write what a sheet of visitors holds by a cursor and `csv.writer`."""
    cursor = connect(order.database).cursor()
    with (gauge := Gauge()).running(), Path(os.devnull).open("w", encoding="utf-8") as file:
        cursor.execute(SHEET)
        csv.writer(file).writerows(cursor)
    gauge.count = order.count
    return gauge


def prepare(order: Order) -> Gauge:
    """Write the messages of a delivery by one statement, as many as Fanfare would."""
    connection = connect(order.database)
    connection.execute("DELETE FROM message")
    connection.commit()
    with (gauge := Gauge()).running():
        connection.execute(MESSAGES)
        connection.commit()
    gauge.count = order.count
    return gauge


LOCAL = {"csv": sheet, "analyse": prepare}
