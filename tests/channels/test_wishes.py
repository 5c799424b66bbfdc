"""What people write to an account, and what of it is a wish; what a text offers to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import Wish
from channels.texts import wish_of
from channels.vocabulary import ENDING, Role, built_in, languages, own, words_of
from channels.wishes import Listener, listener

SPOKEN = (
    *("en", "zh", "hi", "es", "fr", "ar", "bn", "pt", "ru", "ur", "id", "de", "ja", "mr", "te"),
    *("tr", "ta", "vi", "ko", "it", "fa", "pl", "uk", "nl", "th", "pa", "gu", "kn", "sw", "tl"),
)
STOPS = sorted({word for table in built_in() for role in ENDING for word in table[role]})
OPT_INS = sorted({word for table in built_in() for word in table[Role.OPT_IN]})
AROUND = st.text(
    st.sampled_from(' .!…。！\n\t"“”«»()*_-🙏🛑👍🏽\N{ZERO WIDTH SPACE}\N{RIGHT-TO-LEFT MARK}')
)
OFFERS = [
    (code, f"{verb} “{word.upper()}”" if role is Role.REPLY else f"{word.upper()} {verb}")
    for code, table in zip(languages(), built_in(), strict=True)
    for word in [*table[Role.STOP], *table[Role.WORD]]
    for role in (Role.REPLY, Role.ANSWER, Role.PURPOSE)
    for verb in table[role][:1]
]


@given(word=st.sampled_from(STOPS), before=AROUND, after=AROUND)
def test_a_stop_word_is_known_in_any_case_with_anything_around_it(
    word: str, before: str, after: str
):
    assert wish_of(f"{before}{word}{after}") is Wish.STOP
    assert wish_of(f"{before}{word.upper()}{after}") is Wish.STOP


@pytest.mark.parametrize(
    "text",
    [
        "Opt out",
        "OPT-OUT",
        "REVOKE",
        "Remove me",
        "No. Stop.",
        "Stop, I do not want this",
        "Stop no more",
        "STOP sending me these messages, I never asked for them",
        "Unsubscribe me from this mailing list immediately",
        "配信停止してください",
        "수신거부 부탁드립니다",
        "Me désinscrire svp",
        "Bitte keine Nachrichten mehr",
        "Leave me alone",
        "S T O P",
        "s.t.o.p",
        "S-T-O-P!",
        "Stoooop",
        "_STOP_",
        "STOP 36180",
        "STОP",
        "unsubsсribe me",
        "5TOP",
        "un-subscribe",
        "Désabonnez-moi",
        "Laissez-moi tranquille",
        "descadastre-me",
        "STOP 🙏",
        "Stop please",
        "please stop",
        "Hello! Please stop.",
        "Please stop sending me these messages",
        "Stop messaging me!!",
        "Don’t text me",
        "Stop, ok?",
        "Stop this",
        "Bitte STOPP",
        "Unsubscribe me",
        "ＳＴＯＰ",
        "🅂🅃🄾🄿",
        "de\N{COMBINING ACUTE ACCENT}sabonner svp",
        "Merci, arrêtez",
        "Merci d’arrêter",
        "Стоп, пожалуйста",
        "İPTAL",
        "ÇIKIŞ",
        "取消。",
        "请停止",
        "停止してください",
        "もう連絡しないでください",
        "不要再发了",
        "기자님, 메시지 보내지 마세요",
        "कृपया मैसेज बंद करें",
        "দয়া করে মেসেজ পাঠাবেন না",
        "لطفاً دیگر پیام ندهید",
        "لا أريد رسائل منكم",
        "หยุดส่งข้อความได้แล้ว",
        "Por favor, no me escriban más",
    ],
)
def test_a_request_to_stop_is_one(text: str):
    assert wish_of(text) is Wish.STOP


@pytest.mark.parametrize(
    "text",
    [
        "No",
        "Nein danke",
        "Not interested",
        "How do I unsubscribe?",
        "I don't want to unsubscribe",
        "Stop the war",
        "🛑",
        "👎🏽 please!",
        "✋✋",
        "Please remove my account from these messages",
        "Lose my number",
        "I want out",
        "I want this to stop",
        "Will your messages stop one day",
        "Cancel my order",
        "Wonderful. Cancel.",
        "Who gave you my name, this is spam",
        "不要停止",
        "興味がありません",
        "관심 없어요",
    ],
)
def test_what_looks_like_a_refusal_is_in_doubt(text: str):
    assert wish_of(text) is Wish.DOUBT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙏",
        "Please",
        "We have got to STOP this bill from passing",
        "which bus stop is nearest?",
        "non-stop work here",
        "Don't stop!",
        "Do not stop",
        "Is there a bus stop?",
        "Où est l’arrêt de bus ?",
        "What is at the end",
        "When does the sale end?",
        "My order had to stop at the border and I wonder when it goes on",
        "Nonstop",
        "Stop by when you like",
        "Yes please, but tell me more first",
        "Yes, in oak",
        "Fine, thanks",
        "営業停止ですか",
        "그만큼 좋아요",
        "พอใจมาก",
        "Para mi hija, en azul",
        "Bonjour, livrez-vous à Vienne ?",
        "Dites-moi tout",
        "This is the best one 🚫🧢",
        "😀",
    ],
)
def test_other_words_ask_for_nothing(text: str):
    assert wish_of(text) is None


@pytest.mark.parametrize("word", OPT_INS)
def test_an_agreement_is_a_word_alone(word: str):
    assert wish_of(f" {word.upper()}! ") is Wish.OPT_IN
    assert wish_of(f"{word} please") is not Wish.OPT_IN


def test_no_word_means_an_end_and_an_agreement():
    tables = built_in()
    ends = {words_of(word) for table in tables for role in ENDING for word in table[role]}
    doubts = {words_of(word) for table in tables for word in table[Role.DOUBT]}

    assert {words_of(word) for word in OPT_INS} & (ends | doubts) == set()


@pytest.mark.parametrize("code", SPOKEN)
def test_the_most_spoken_written_languages_have_words_phrases_and_doubts(code: str):
    table = languages()[code]

    assert all(len(table[name]) > 1 for name in ("word", "phrase", "doubt"))
    assert table["stop"]
    assert any(table[name] for name in ("reply", "answer"))


def test_what_a_source_is_said_to_list_is_in_the_table():
    for table, entries in zip(languages().values(), built_in(), strict=True):
        known = {words_of(word) for role in (*ENDING, Role.OPT_IN) for word in entries[role]}
        assert {words_of(word) for word in table["sourced"]} <= known


@given(
    st.lists(st.sampled_from([*STOPS, "hello", "not", "?", ",", "。", "send", "it"]), max_size=9)
)
def test_words_that_end_messages_are_never_an_agreement(words: list[str]):
    assert wish_of(" ".join(words)) is not Wish.OPT_IN


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str):
    assert wish_of(text) in {None, *Wish}
    assert all(wish_of(word) is Wish.STOP for word in listener().offers(text))


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("répondez ARRÊT", ["arret"]),
        ("Write STOP and we will not write again.", ["stop"]),
        ("Reply with the word STOP", ["stop"]),
        ("STOP to end", ["stop"]),
        ("Répondez « ARRÊT » pour ne plus recevoir nos messages", ["arret"]),
        ("Antworte mit STOPP.", ["stopp"]),
        ("回复TD退订", ["td"]),
        ("STOP लिखें", ["stop"]),
        ("STOP yazın", ["stop"]),
        ("our non-stop winter sale: don't stop until midnight!", []),
        ("Text your friends and stop worrying", []),
        ("We write to stop the war", []),
        ("The bus stop is where we wait. Write to us.", []),
    ],
)
def test_a_word_offered_as_an_instruction_is_found(text: str, offered: list[str]):
    assert listener().offers(text) == offered


@pytest.mark.parametrize(
    ("code", "text"), [*{code: (code, text) for code, text in OFFERS}.values()]
)
def test_each_language_offers_in_its_own_words(code: str, text: str):
    assert listener().offers(text), code


@given(st.sampled_from(OFFERS))
def test_what_a_text_tells_people_to_write_is_understood(offer: tuple[str, str]):
    offered = listener().offers(offer[1])

    assert offered, offer
    assert {wish_of(word) for word in offered} == {Wish.STOP}


def test_an_instance_adds_words_and_phrases_of_its_own():
    mine = Listener(
        own(stop=["HALTO", "ya no más, gracias amigos"], doubt=["hmm"], opt_in=["Vale"])
    )

    assert mine.wish_of("¡Halto!") is Wish.STOP
    assert mine.wish_of("Bueno, ya no mas gracias amigos míos") is Wish.STOP
    assert mine.wish_of("hmm, who is this") is Wish.DOUBT
    assert mine.wish_of("vale") is Wish.OPT_IN
    assert mine.offers("Escribe HALTO") == ["halto"]
    assert wish_of("¡Halto!") is None


@pytest.mark.parametrize(
    "piece", ["stop this bill ", "配信止不要", "a b ", "don't unsubscribe me "]
)
def test_the_work_grows_with_the_text_and_not_faster(piece: str, monkeypatch):
    steps = []
    known = listener()._wishes
    looked = type(known)._at

    def counted(self, words, at):
        for unit in looked(self, words, at):
            steps.append(unit.size)
            yield unit

    monkeypatch.setattr(type(known), "_at", counted)
    once, fourfold = (_count(steps, piece, times) for times in (50, 200))

    assert fourfold <= 5 * max(once, 1)


def _count(steps: list[int], piece: str, times: int) -> int:
    steps.clear()
    wish_of(piece * times)
    return len(steps)
