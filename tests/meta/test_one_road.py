"""Nothing but the client calls a part of a channel; others only ask whether it is there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.channel import PARTS
from channels.inspection import PROTOCOLS, members

ROOT = Path(__file__).parents[2]
# What calls the network, and what a channel tells without it.
CLIENT = ("webapp/services/client.py", "webapp/services/channel/")
FILES = [
    path
    for path in sorted((ROOT / "webapp").rglob("*.py"))
    if not path.relative_to(ROOT).as_posix().startswith(CLIENT)
]
ALL_PARTS = {*PARTS, "connection"}


def taken(text: str) -> Iterator[str]:
    """Yield where a text takes a part of a channel, or calls one."""
    tree = ast.parse(text)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    channels = {"channel", *_bound(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        part = node.value
        calls = _is_called(node, above) and _is_method(node.attr, part)
        takes = node.attr in ALL_PARTS and _is_channel(part, channels)
        if calls or (takes and not _asks(node, above)):
            yield f"{node.lineno}: {ast.unparse(node)}"


def _is_method(name: str, part: ast.AST) -> bool:
    """Tell whether this is a method of a part, whatever holds that, or a plugin's workflow."""
    if isinstance(part, ast.Attribute) and part.attr in ALL_PARTS:
        return name in members(PROTOCOLS[part.attr])
    return name == "step" and ast.unparse(part).split(".")[-1] == "workflow"


def _bound(tree: ast.AST) -> Iterator[str]:
    """Yield the names that stand for a channel: of a registry, or by their type."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            if "Channel" in {item.strip() for item in ast.unparse(node.annotation).split("|")}:
                yield node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)
        elif isinstance(node, ast.Assign) and _is_channel(node.value, set()):
            yield from (ast.unparse(target) for target in node.targets)
        elif isinstance(node, ast.For | ast.comprehension) and _are_channels(node.iter):
            yield ast.unparse(node.target)


def _are_channels(node: ast.AST) -> bool:
    return ast.unparse(node).split(".")[-1] in ("registry", "channels")


def _is_channel(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_channel(node.body, names)
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).endswith("registry.get")
    if isinstance(node, ast.Attribute):
        return node.attr == "channel"
    return isinstance(node, ast.Name) and node.id in names


def _is_called(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Tell whether a method is called, or handed to somebody who does."""
    parent = above[node]
    return isinstance(parent, ast.Call | ast.keyword | ast.Assign | ast.Tuple)


def _asks(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Tell whether a part is looked at for nothing but whether it is there."""
    parent = above[node]
    if isinstance(parent, ast.Compare):
        return all(isinstance(item, ast.Is | ast.IsNot) for item in parent.ops)
    if isinstance(parent, ast.BoolOp | ast.UnaryOp):
        return isinstance(parent, ast.UnaryOp) or _asks(parent, above)
    if isinstance(parent, ast.comprehension):
        return node in parent.ifs
    if isinstance(parent, ast.GeneratorExp):
        whole = above[parent]
        return isinstance(whole, ast.Call) and ast.unparse(whole.func) in ("any", "all")
    return isinstance(parent, ast.If | ast.IfExp | ast.While) and parent.test is node


def test_a_part_of_a_channel_is_called_by_the_client_alone():
    found = [
        f"{path.relative_to(ROOT)}:{where}"
        for path in FILES
        for where in taken(path.read_text(encoding="utf-8"))
    ]

    assert found == [], "Add a method to webapp/services/client.py, or to channel/declared.py."


@pytest.mark.parametrize(
    "text",
    [
        "channel.posts.publish(context, outgoing)",
        "runtime.registry.get(kind).audience.read(context, None)",
        "part = channel.directs if direct else channel.posts",
        "def longest(it: Channel, text):\n    return it.directs",
        "it = runtime.registry.get(kind)\nwork(it.inbox)",
        "for item in registry:\n    item.sandbox.command(1, '')",
        "parts = {1: facts.channel.posts}",
        "guard.ask(handle, self.posts.publish, context)",
        "workflow.step(context, None)",
        "other = part.reconciliation.find_sent(context, attempt)",
    ],
)
def test_taking_a_part_is_noticed(text: str):
    assert list(taken(text))


@pytest.mark.parametrize(
    "text",
    [
        "if channel.audience is None:\n    pass",
        "any(channel.posts for channel in channels)",
        "found = 1 if channel.inbox else 0",
        "has = known and channel.directs is not None",
        "[item for item in registry if item.sandbox]",
        "delivery.audience.value",
        "self.connection.sismember(key)",
        "counts.posts + 1",
    ],
)
def test_asking_whether_a_part_exists_is_not(text: str):
    assert list(taken(text)) == []
