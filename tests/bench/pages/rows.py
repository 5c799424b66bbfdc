"""The statements that make people, consents and messages from numbers, on either database."""

NUMBERS = (
    "FROM bench_number a CROSS JOIN bench_number b "
    "JOIN bench_number c ON c.i = (a.i * 31 + b.i * 7) % 1000 WHERE a.i * 1000 + b.i < :people"
)
I = "(a.i * 1000 + b.i)"  # noqa: E741 - the number of a person
HANDLE = f"lower(b.first) || '_' || lower(c.last) || CAST({I} AS TEXT)"

VISITORS = f"""
INSERT INTO visitor (kind, remote_id, origin, handle, name, handle_key, name_key, first_name,
  follower_count, verified, protected, accepts_messages, folder_id, first_seen_at, seen_at)
SELECT 'x', '9' || CAST({I} AS TEXT), 'sync', {HANDLE}, b.first || ' ' || c.last,
  {HANDLE}, lower(b.first) || ' ' || lower(c.last), b.first,
  CASE WHEN b.i % 50 = 0 THEN NULL ELSE (a.i * 7919 + b.i * 104729) % 99991 END,
  b.i % 9 = 0, b.i % 11 = 0,
  CASE WHEN b.i % 10 = 0 THEN NULL ELSE b.i % 10 < 8 END, :folder, c.at, b.at
{NUMBERS} ORDER BY {I}
"""
WORDS = """
INSERT INTO visitor_word (word, visitor_id)
SELECT handle_key, id FROM visitor UNION
SELECT lower(substr(name, 1, length(first_name))), id FROM visitor UNION
SELECT lower(substr(name, length(first_name) + 2)), id FROM visitor
"""
# Seven of ten follow the first account; one of ten a second one beside it.
SUBSCRIPTIONS = """
INSERT INTO subscription (service_id, visitor_id, followed_at, ended_at, wrote_first_at,
  opted_in_at, opted_out_at, doubted_at,
  quarantined_at, quarantine_reason, soft_failures, last_message_at)
SELECT CASE WHEN v.id % 10 < 7 THEN :service_0 WHEN v.id % 10 < 9 THEN :service_1
    ELSE :service_2 END, v.id, v.first_seen_at,
  CASE WHEN v.id % 100 = 3 THEN v.seen_at END,
  CASE WHEN v.id % 50 = 4 THEN v.seen_at END,
  CASE WHEN v.id % 100 = 5 THEN v.seen_at END,
  CASE WHEN v.id % 500 = 4 THEN v.seen_at END,
  CASE WHEN v.id % 500 = 54 THEN v.seen_at END,
  CASE WHEN v.id % 500 = 6 THEN v.seen_at END, CASE WHEN v.id % 500 = 6 THEN 'refused' ELSE '' END,
  0, CASE WHEN v.id % 20 = 4 THEN v.seen_at END
FROM visitor v ORDER BY v.id
"""
SECOND = """
INSERT INTO subscription (service_id, visitor_id, followed_at, quarantine_reason, soft_failures)
SELECT :service_1, v.id, v.first_seen_at, '', 0 FROM visitor v WHERE v.id % 10 = 0
"""
NOTES = """
INSERT INTO received_message (service_id, visitor_id, remote_id, text, wish, settled, settled_by,
  received_at, heard, read_at)
SELECT service_id, visitor_id, 'n' || CAST(id AS TEXT), 'Hello', '', '', '', wrote_first_at, '',
  wrote_first_at FROM subscription WHERE wrote_first_at IS NOT NULL
"""


def _answers(answer: str, moment: str, source: str) -> str:
    return f"""
INSERT INTO consent (service_id, visitor_id, answer, scope, source, at, recorded_at, recorded_by,
  purpose, fields, proof, reference, text_hash)
SELECT service_id, visitor_id, '{answer}', 'messages', '{source}', {moment}, {moment}, '', '', '[]',
  '', '', '' FROM subscription WHERE {moment} IS NOT NULL
"""


AUDIENCE = (
    *(VISITORS, WORDS, SUBSCRIPTIONS, SECOND, NOTES),
    _answers("wrote_first", "wrote_first_at", "message"),
    _answers("opt_in", "opted_in_at", "operator"),
    _answers("opt_out", "opted_out_at", "message"),
    _answers("doubt", "doubted_at", "message"),
)


# Messages change in an order that follows neither names nor ids.
def _messages(state: str, at: str) -> str:
    return f"""
INSERT INTO message (delivery_id, service_id, kind, visitor_id, subscription_id, recipient, state,
  reason, said, tries, parts_sent, sent_at, arrival, remote_id, changed_at)
SELECT :delivery, s.service_id, 'direct', s.visitor_id, s.id,
  'visitor:' || CAST(s.visitor_id AS TEXT), {state},
  CASE {state} WHEN 'failed' THEN 'refused' WHEN 'ignored' THEN 'accepts_none'
    WHEN 'cancelled' THEN 'stopped' ELSE '' END,
  '', 1, CASE {state} WHEN 'sent' THEN 1 ELSE 0 END,
  CASE {state} WHEN 'sent' THEN n.{at} END, '',
  CASE {state} WHEN 'sent' THEN CAST(s.id AS TEXT) END, n.{at}
FROM subscription s JOIN bench_number n ON n.i = (s.id * 37 + s.id / 1000 * 101) % 1000
WHERE s.service_id = (SELECT min(service_id) FROM delivery_service WHERE delivery_id = :delivery)
ORDER BY s.id LIMIT :log
"""


MOD = "(s.id / 7) % 100"
OVER = _messages(
    f"CASE WHEN {MOD} < 90 THEN 'sent' WHEN {MOD} < 93 THEN 'failed' WHEN {MOD} < 97 "
    "THEN 'ignored' ELSE 'cancelled' END",
    "at",
)
GOING = _messages(
    f"CASE WHEN {MOD} < 50 THEN 'sent' WHEN {MOD} < 96 THEN 'pending' ELSE 'ignored' END", "today"
)
ATTEMPTS = (
    """
INSERT INTO attempt (message_id, number, position, text, started_at, ended_at, outcome, code, said)
SELECT id, 1, 0, 'Spring is here.', changed_at, changed_at, state, reason, '' FROM message
WHERE state IN ('sent', 'failed')
""",
)
