"""a row for each yes and no.

Revises: a4c19e70d5b2
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "5d8b1f3ca7e4"
down_revision = "a4c19e70d5b2"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
BATCH = 1_000
MOMENTS = ("wrote_first_at", "opted_in_at", "opted_out_at", "doubted_at")
WORDS = ("opt_in_proof", "opt_in_purpose", "opt_out_note")
ANSWERS = {"wrote_first": "wrote_first", "opt_in": "opt_in", "stop": "opt_out", "doubt": "doubt"}


def _word(name, *words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _table(name, **columns):
    return sa.table(name, *(sa.column(key, kind) for key, kind in columns.items()))


SUBSCRIPTION = _table(
    "subscription",
    id=sa.Integer(),
    service_id=sa.Integer(),
    visitor_id=sa.Integer(),
    **dict.fromkeys(MOMENTS, MOMENT),
    **dict.fromkeys(WORDS, sa.Text()),
)
EVIDENCE = _table(
    "consent_evidence",
    service_id=sa.Integer(),
    remote_id=sa.String(),
    visitor_id=sa.Integer(),
    meaning=sa.String(),
    text_hash=sa.String(),
    said_at=MOMENT,
)
NOTE = _table(
    "received_message",
    service_id=sa.Integer(),
    visitor_id=sa.Integer(),
    remote_id=sa.String(),
    settled=sa.String(),
    settled_by=sa.String(),
    settled_at=MOMENT,
)


def upgrade() -> None:
    """Go to the new shape; what is known of each answer becomes its row."""
    op.create_table(
        "consent_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_wording")),
        sa.UniqueConstraint("hash", name=op.f("uq_consent_wording_hash")),
    )
    table = _make()
    _Writing(op.get_bind(), table).all()
    op.create_index("ix_consent_visitor_id_service_id", "consent", ["visitor_id", "service_id"])
    op.create_index("ix_consent_service_id_id", "consent", ["service_id", "id"])
    op.create_index("ix_consent_wording_id", "consent", ["wording_id"])
    op.drop_index("ix_consent_evidence_visitor_id", "consent_evidence")
    op.drop_table("consent_evidence")
    for name in WORDS:
        op.drop_column("subscription", name)


def _make():
    return op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("answer", _word("answer", *ANSWERS.values(), "void"), nullable=False),
        sa.Column("scope", _word("consentscope", "messages", "profile", "email"), nullable=False),
        sa.Column(
            "source",
            _word(
                "consentsource",
                *("message", "operator", "link", "one_click", "page", "import", "network"),
                *("erasure", "unknown"),
            ),
            nullable=False,
        ),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=255), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_consent_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_consent_visitor_id_visitor"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["wording_id"],
            ["consent_wording.id"],
            name=op.f("fk_consent_wording_id_consent_wording"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )


class _Writing:
    """Makes the rows of all people, batch by batch, with numbers of their own."""

    def __init__(self, connection, table):
        self.connection, self.table, self.number = connection, table, 0

    def all(self):
        last = 0
        while ties := self._ties(last):
            last = ties[-1].id
            self._of(ties)
        self._of_nobody()
        if self.connection.dialect.name == "postgresql" and self.number:
            mend = "SELECT setval(pg_get_serial_sequence('consent', 'id'), :last)"
            self.connection.execute(sa.text(mend), {"last": self.number})

    def _ties(self, last):
        mine = sa.exists().where(
            EVIDENCE.c.service_id == SUBSCRIPTION.c.service_id,
            EVIDENCE.c.visitor_id == SUBSCRIPTION.c.visitor_id,
        )
        known = sa.or_(*(SUBSCRIPTION.c[name].is_not(None) for name in MOMENTS), mine)
        rows = sa.select(SUBSCRIPTION).where(SUBSCRIPTION.c.id > last, known)
        return self.connection.execute(rows.order_by(SUBSCRIPTION.c.id).limit(BATCH)).all()

    def _of(self, ties):
        people = {tie.visitor_id for tie in ties}
        said = self._by_person(EVIDENCE, people, EVIDENCE.c.said_at)
        notes = self._by_person(NOTE, people, NOTE.c.remote_id, NOTE.c.settled != "")
        self._insert(
            row
            for tie in ties
            for row in _Person(
                self,
                tie,
                said.get((tie.service_id, tie.visitor_id), []),
                {note.remote_id: note for note in notes.get((tie.service_id, tie.visitor_id), [])},
            ).rows()
        )

    def _by_person(self, table, people, order, *more):
        found = {}
        rows = sa.select(table).where(table.c.visitor_id.in_(people), *more).order_by(order)
        for row in self.connection.execute(rows):
            found.setdefault((row.service_id, row.visitor_id), []).append(row)
        return found

    def _of_nobody(self):
        """Keep what erased people said, and those whom nothing ties to the account."""
        tied = sa.exists().where(
            SUBSCRIPTION.c.service_id == EVIDENCE.c.service_id,
            SUBSCRIPTION.c.visitor_id == EVIDENCE.c.visitor_id,
        )
        rows = sa.select(EVIDENCE).where(~tied).order_by(EVIDENCE.c.said_at)
        for part in self.connection.execute(rows).partitions(BATCH):
            self._insert([self.heard(row) for row in part])

    def _insert(self, rows):
        given = list(rows)
        if given:
            self.connection.execute(self.table.insert(), given)

    def row(self, service_id, visitor_id, answer, at, **more):
        self.number += 1
        plain = {
            "id": self.number,
            "service_id": service_id,
            "visitor_id": visitor_id,
            "answer": answer,
            "scope": "messages",
            "source": "unknown",
            "at": at,
            "recorded_at": at,
            "recorded_by": "",
            "purpose": "",
            "fields": [],
            "wording_id": None,
            "proof": "",
            "reference": "",
            "text_hash": "",
            "replaces_id": None,
        }
        return plain | more

    def heard(self, said):
        return self.row(
            said.service_id,
            said.visitor_id,
            ANSWERS.get(said.meaning, "void"),
            said.said_at,
            source="message",
            reference=said.remote_id,
            text_hash=said.text_hash,
        )


class _Person:
    """The rows of one person about an account, which come to what its columns say."""

    def __init__(self, writing, tie, said, notes):
        self.writing, self.tie, self.said, self.notes = writing, tie, said, notes

    def rows(self):
        found = []
        for said in self.said:
            row = self.writing.heard(said)
            found += [row, *self._taken_back(row, said)]
        return found + list(self._left(found))

    def _new(self, answer, at, **more):
        return self.writing.row(self.tie.service_id, self.tie.visitor_id, answer, at, **more)

    def _taken_back(self, row, said):
        """Yield what put an answer right since: columns that do not know it any more say so."""
        first, into, doubt = self.tie.wrote_first_at, self.tie.opted_in_at, self.tie.doubted_at
        at, note = row["at"], self.notes.get(said.remote_id)
        if row["answer"] == "doubt":
            answered = into is not None and into > at
            if note is not None or not (answered or (doubt is not None and at <= doubt)):
                yield self._decided(row, note)
        elif row["answer"] == "opt_in" and (into is None or at > into):
            yield self._new("void", at, replaces_id=row["id"])
        elif row["answer"] == "opt_in" and (first is None or at < first):
            row["source"] = "unknown"
        elif row["answer"] == "wrote_first" and (first is None or at < first):
            yield self._new("void", at, replaces_id=row["id"])

    def _decided(self, row, note):
        first, out = self.tie.wrote_first_at, self.tie.opted_out_at
        answer, at = "void", row["at"]
        if note is not None and note.settled == "stop" and out is not None and at <= out:
            answer = "opt_out"
        if note is not None and note.settled == "other" and first is not None and first <= at:
            answer = "wrote_first"
        names = ("source", "reference", "text_hash")
        more = {name: row[name] for name in names} | {"replaces_id": row["id"]}
        if note is not None:
            more |= {"recorded_by": note.settled_by, "recorded_at": note.settled_at or at}
        return self._new(answer, at, **more)

    def _left(self, found):
        """Yield a row for each moment of the columns that no message is known of."""
        tie = self.tie
        gone = {row["replaces_id"] for row in found}
        held = {(row["answer"], row["at"]): row for row in found if row["id"] not in gone}
        words = {
            "opt_in": {"proof": tie.opt_in_proof, "purpose": tie.opt_in_purpose},
            "opt_out": {"proof": tie.opt_out_note},
        }
        moments = zip(("wrote_first", "opt_in", "opt_out", "doubt"), MOMENTS, strict=True)
        for answer, name in moments:
            at, more = getattr(tie, name), words.get(answer, {})
            known = held.get((answer, at))
            if known is not None:
                known |= {key: value or "" for key, value in more.items()}
            elif at is not None and not self._wrote(held, answer, at):
                by = "operator" if any(words.get(answer, {}).values()) else "unknown"
                by = "unknown" if answer == "opt_in" and not tie.opt_in_purpose else by
                yield self._new(
                    answer, at, source=by, **{key: value or "" for key, value in more.items()}
                )

    def _wrote(self, held, answer, at):
        """Tell whether the first word of a person was an agreement in a message."""
        row = held.get(("opt_in", at)) if answer == "wrote_first" else None
        return row is not None and row["source"] == "message"


def downgrade() -> None:
    """Go back to the old shape, which keeps the last answer of each kind, and its message."""
    op.create_table(
        "consent_evidence",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(length=255), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("meaning", sa.String(length=255), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_consent_evidence_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_consent_evidence_visitor_id_visitor"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("service_id", "remote_id", name=op.f("pk_consent_evidence")),
    )
    op.execute(BACK)
    op.create_index("ix_consent_evidence_visitor_id", "consent_evidence", ["visitor_id"])
    for name in WORDS:
        op.add_column(
            "subscription", sa.Column(name, sa.Text(), nullable=False, server_default="")
        )
    for name, answer, moment, word in (
        ("opt_in_proof", "opt_in", "opted_in_at", "proof"),
        ("opt_in_purpose", "opt_in", "opted_in_at", "purpose"),
        ("opt_out_note", "opt_out", "opted_out_at", "proof"),
    ):
        said = f"""SELECT {word} FROM consent WHERE consent.service_id = subscription.service_id
            AND consent.visitor_id = subscription.visitor_id AND answer = '{answer}'
            AND consent.at = subscription.{moment} AND scope = 'messages'
            ORDER BY consent.id DESC LIMIT 1"""  # noqa: S608 - of the names above
        op.execute(
            f"UPDATE subscription SET {name} = COALESCE(({said}), '')"  # noqa: S608
            f" WHERE {moment} IS NOT NULL"
        )
    for name in ("wording_id", "service_id_id", "visitor_id_service_id"):
        op.drop_index(f"ix_consent_{name}", "consent")
    op.drop_table("consent")
    op.drop_table("consent_wording")


BACK = """
    INSERT INTO consent_evidence
    SELECT service_id, reference, visitor_id,
    CASE answer WHEN 'opt_out' THEN 'stop' ELSE answer END, text_hash, at
    FROM consent WHERE source = 'message' AND reference <> '' AND answer <> 'void'
    AND id IN (SELECT MAX(id) FROM consent WHERE source = 'message' AND reference <> ''
        AND answer <> 'void' GROUP BY service_id, reference)
"""
