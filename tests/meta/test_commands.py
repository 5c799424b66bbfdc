"""Every command explains itself, with an example that works and JSON where it prints data."""

import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from webapp.cli import fanfare, words

# These run until they are ended, or print one thing that is no data.
PROCESSES = {"up", "demo", "worker", "scheduler", "make-key"}
SECRETS = ("key", "secret", "token", "password")


def walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            for name in command.list_commands(context):
                yield from walk(command.get_command(context, name), (*path, name))
    else:
        yield " ".join(path), command


COMMANDS = dict(walk(fanfare, ()))


def test_every_command_of_the_core_is_found():
    wanted = (
        "operator create, operator list, service add, service verify, service list, "
        "workflow list, workflow start, workflow stop, workflow run, visitor list, visitor count, "
        "delivery create, delivery list, delivery analyse, delivery proof, delivery confirm, "
        "delivery status, delivery log, plugin list, db upgrade, health"
    )

    assert set(wanted.split(", ")) - set(COMMANDS) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_sentence_and_an_example_of_itself(name: str):
    help_ = COMMANDS[name].help or ""

    assert re.match(r"[A-Z].*\.", help_), "begin with a sentence"
    example = re.search(r"Example: (.+)", help_)
    assert example, "end with a line `Example: ./run ...`"
    assert name == "up" or f"./run {name}" in example[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_uses_only_options_that_exist(name: str):
    example = re.search(r"Example: (.+)", COMMANDS[name].help or "")
    assert example
    known = {option for item in COMMANDS[name].params for option in item.opts}

    used = set(re.findall(r"(?<![\w-])--[\w-]+", example[1]))

    assert used - known == set()


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - PROCESSES))
def test_a_command_that_prints_data_can_print_it_for_programs(name: str):
    assert "--json" in {option for item in COMMANDS[name].params for option in item.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained_and_none_takes_a_secret(name: str):
    options = [item for item in COMMANDS[name].params if isinstance(item, click.Option)]

    assert [
        item.opts
        for item in options
        if not (item.help or item.show_default or isinstance(item.type, click.Choice))
    ] == []
    assert [item.opts for item in options if any(word in item.opts[0] for word in SECRETS)] == []


@pytest.mark.parametrize("word", words())
def test_the_help_of_a_word_does_not_stray_from_its_command(word: str):
    domain, declared = words()[word]

    command = domain.find(declared.at)

    assert command.name == word
    assert declared.help.split()[0] == (command.help or "").split()[0]


def test_the_help_of_the_whole_answers_without_importing_the_product():
    code = (
        "import sys; from webapp import cli; from click.testing import CliRunner;"
        "assert CliRunner().invoke(cli.fanfare, ['--help']).exit_code == 0;"
        "print([name for name in ('flask', 'sqlalchemy', 'redis') if name in sys.modules])"
    )

    said = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert said == "[]\n"
