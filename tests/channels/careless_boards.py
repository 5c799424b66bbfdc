"""Ways to break the contract that once went unseen, each in a channel that is otherwise good."""

from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid4, uuid5

import channels
from channels import Sent
from channels.testing import ChannelContract
from tests.example_channel.fanfare_notice import Board, Letters, board, letter, sent


class Assuming(Board):
    """It takes every post for sent."""

    def find_sent(self, context, attempt):
        if attempt.person is not None:
            return super().find_sent(context, attempt)
        return board(context).call("GET", "/notices", lambda _found: Sent(remote_id="4002"))


class Overlooking(Board):
    """It looks through all letters and forgets to whom they went."""

    def find_sent(self, context, attempt):
        def mine(found):
            for row in found["sent"]:
                if attempt.matches(row["id"], row["text"], datetime.fromisoformat(row["at"])):
                    return sent(row)
            return attempt.absent(context.now())

        return board(context).call("GET", "/letters", mine)


class Timeless(Board):
    """It compares the words alone."""

    def find_sent(self, context, attempt):
        def mine(found):
            rows = [row for row in found["sent"] if row["text"] == attempt.text]
            new = [row for row in rows if row["id"] not in attempt.known_remote_ids]
            return sent(new[0]) if new else attempt.absent(context.now())

        return board(context).call("GET", f"/letters/{attempt.person}", mine)


class Wordless(Board):
    """It takes whatever went to the person since then for its own."""

    def find_sent(self, context, attempt):
        return super().find_sent(context, replace(attempt, text=ChannelContract.text))


class Renaming(Board):
    """It finds a letter under another id than the one it was given."""

    def find_sent(self, context, attempt):
        found = super().find_sent(context, attempt)
        return Sent(remote_id=f"letter-{found.remote_id}") if isinstance(found, Sent) else found


class Unthreading(Board):
    """It publishes each part of a thread alone."""

    def publish(self, context, part):
        return board(context).call("POST", "/notices", sent, json={"text": part.text})


class Refusing(Unthreading):
    """It knows no threads, and says so."""

    def check(self, content):
        yield from super().check(content)
        if len(content.parts) > 1:
            message = "The board takes one notice at a time."
            yield channels.Finding(code="thread", level=channels.Level.ERROR, message=message)


class Numbing(Board):
    """It gives every notice one id."""

    def publish(self, context, part):
        super().publish(context, part)
        return Sent(remote_id="1")


class NumbingLetters(Letters):
    """It gives every letter the id of its reader."""

    def send(self, context, person, content):
        super().send(context, person, content)
        return Sent(remote_id=context.remote_id)


class Clashing(Letters):
    """It gives a letter the number of a notice."""

    def send(self, context, person, content):
        super().send(context, person, content)
        return Sent(remote_id="3001")


class Murmuring(Board):
    """It publishes the same words each time."""

    def publish(self, context, part):
        body = {"text": "Hello!", "after": part.reply_to}
        return board(context).call("POST", "/notices", sent, json=body)


class Sweeping(Board):
    """It takes back whatever stands last."""

    def delete(self, context, remote_id):
        board(context).delete("/notices/last")


class Shouting(Letters):
    """It hangs letters on the public board."""

    def send(self, context, person, content):
        body = {"text": content.parts[0].text, "to": person.remote_id, "key": str(uuid4())}
        return board(context).call("POST", "/notices", sent, json=body)


class Mentioning(Letters):
    """It hangs letters on the public board with a name in front."""

    def send(self, context, person, content):
        body = {"text": f"@{person.handle} {content.parts[0].text}", "after": None}
        return board(context).call("POST", "/notices", sent, json=body)


class Whispering(Letters):
    """It hangs letters where the reader alone may see them."""

    def send(self, context, person, content):
        body = {"text": f"@{person.handle} {content.parts[0].text}", "visible": "direct"}
        return board(context).call("POST", "/notices", sent, json=body)


class Nameless(Letters):
    """It names nobody."""

    def send(self, context, person, content):
        body = {"text": content.parts[0].text}
        return board(context).call("POST", "/letters", sent, json=body)


class Secretive(Letters):
    """It leaves out what the account itself wrote, and tells nobody."""

    def read(self, context, cursor):
        return replace(super().read(context, cursor), besides=())


class Answering(Letters):
    """It takes what the account itself wrote for letters of a reader."""

    def read(self, context, cursor):
        def letters(found):
            rows = tuple(letter(row) for row in found["letters"])
            return channels.InboundPage(messages=rows, next_cursor=found["next"])

        return board(context).call("GET", "/inbox", letters)


class Numbering(Letters):
    """It numbers letters itself, and the network says no more than that it took one."""

    def send(self, context, person, content):
        number = uuid5(NAMESPACE_URL, f"{person.remote_id} {content.parts[0].text}")
        body = {"to": person.remote_id, "text": content.parts[0].text, "number": str(number)}
        board(context).call("POST", "/letters", lambda found: found["taken"], json=body)
        return Sent(remote_id=str(number))


class Skimming(Board):
    """It checks the first part of a thread alone."""

    def check(self, content):
        return super().check(replace(content, parts=content.parts[:1]))
