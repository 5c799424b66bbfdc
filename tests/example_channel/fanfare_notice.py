"""A channel for Noticeboard, complete in one file: readers, inbox, notices, letters."""

from datetime import datetime

from wtforms import StringField, validators

import channels
from channels.http import Network, text_of
from channels.texts import PlainText, wish_of


class NoticeForm(channels.SettingsForm):
    address = StringField("Address", [validators.InputRequired()])
    token = channels.SecretField("Token", [validators.InputRequired()])


def board(context):
    token = {"Authorization": f"Bearer {context.secret('token')}"}
    return Network("Noticeboard", str(context.settings["address"]), context, headers=token)


def known(row):
    return {"remote_id": row["id"], "handle": row["handle"], "name": row["name"]}


def people(found):
    rows = tuple(channels.Person(**known(row)) for row in found["people"])
    return channels.AudiencePage(people=rows, next_cursor=found["next"])


def letter(row):
    who, at = channels.Person(**known(row["from"])), datetime.fromisoformat(row["at"])
    values = {"person": who, "received_at": at, "wish": wish_of(row["text"])}
    return channels.InboundMessage(remote_id=row["id"], text=row["text"], **values)


def sent(found):
    return channels.Sent(remote_id=text_of(found, "id"))


class Board(PlainText):
    limit = 500

    def settings_form(self):
        return NoticeForm

    def connect(self, context):
        return board(context).call("GET", "/me", lambda row: channels.Account(**known(row)))

    def diagnose(self, context):
        yield channels.tried("Token", lambda: self.connect(context), fix="Make a new token.")

    def read(self, context, cursor):
        return board(context).call("GET", "/readers", people, params={"from": cursor or ""})

    def publish(self, context, outgoing):
        body = {"text": outgoing.text, "after": outgoing.reply_to}
        return board(context).call("POST", "/notices", sent, json=body)

    def delete(self, context, remote_id):
        board(context).delete(f"/notices/{remote_id}")

    def find_sent(self, context, attempt):
        def mine(found):
            for row in found["sent"]:
                if attempt.matches(row["id"], row["text"], datetime.fromisoformat(row["at"])):
                    return sent(row)
            return attempt.absent(context.now())

        path = f"/letters/{attempt.person.remote_id}" if attempt.person else "/notices"
        return board(context).call("GET", path, mine)


class Letters(PlainText):
    limit = 2_000

    def read(self, context, cursor):
        def letters(found):
            rows = [letter(row) for row in found["letters"]]
            return channels.InboundPage.received(rows, context.remote_id, found["next"])

        return board(context).call("GET", "/inbox", letters, params={"from": cursor or ""})

    def send(self, context, person, outgoing):
        body = {"to": person.remote_id, "text": outgoing.text}
        return board(context).call("POST", "/letters", sent, json=body)


class Notice(channels.Channel):
    kind, label, handle_prefix, contract = "notice", "Noticeboard", "", 2
    post_accepts = channels.Accepts(features={channels.Feature.THREAD, channels.Feature.REPLY})
    connection = audience = posts = reconciliation = Board()
    inbox = directs = Letters()


@channels.hookimpl
def register_channels():
    return [Notice()]
