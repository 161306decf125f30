"""What the writer wrote is told from quoted mail and signatures, and every character keeps its place."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_rules.quality.own.quoted import own_part, set_aside

OWN = "Dear Ms Reyes,\n\nThank you for your time on Monday.\n\nKind regards,\nAda Park\n"
SENT = "Can you come on Thursday?\n"

# What may stand below a message, in the forms of mail programs and in the languages of the library.
WHO = "Priscilla Reyes <reyes@northwind.example>"
QUOTES = {
    "Gmail": "On Mon, Nov 9, 2026 at 3:04 PM " + WHO + " wrote:\n\n> " + SENT,
    "Gmail, header broken": "On Mon, Nov 9, 2026 at 3:04 PM " + WHO + "\nwrote:\n\n> " + SENT,
    "Gmail, without marks": "On Mon, Nov 9, 2026 at 3:04 PM " + WHO + " wrote:\n" + SENT,
    "Apple Mail": "> On 9 Nov 2026, at 15:04, Priscilla Reyes <reyes@northwind.example> wrote:\n> \n> " + SENT,
    "marks alone": "> " + SENT + ">\n>> Older mail\n",
    "marks without spaces": ">Can you come?\n>On Thursday?\n",
    "Outlook": "From: Priscilla Reyes\nSent: Monday, 9 November 2026\nTo: Ada Park\nSubject: Your visit\n\n" + SENT,
    "Outlook, with a rule": "_" * 32 + "\nFrom: Priscilla Reyes <r@n.example>\nSent: Monday\nTo: Ada Park\n\n" + SENT,
    "Outlook, bold": "*From:* P. Reyes <r@n.example>\n*Sent:* Monday\n*To:* Ada Park\n*Subject:* Visit\n\n" + SENT,
    "old Outlook": "-----Original Message-----\nFrom: Priscilla Reyes\nSent: Monday\n\n" + SENT,
    "a separator alone": "-----Original Message-----\n" + SENT,
    "forwarded by Gmail": "---------- Forwarded message ---------\nFrom: P <p@n.example>\nDate: Mon\n\n" + SENT,
    "forwarded by Apple": "Begin forwarded message:\n\nFrom: P <p@n.example>\nDate: Mon\n\n" + SENT,
    "Thunderbird": "On 11/9/26 15:04, Priscilla Reyes wrote:\n> " + SENT,
    "German": "Am 09.11.2026 um 15:04 schrieb Priscilla Reyes:\n> " + SENT,
    "German Outlook": "Von: P. Reyes\nGesendet: Montag, 9. November 2026\nAn: Ada Park\nBetreff: Besuch\n\n" + SENT,
    "French": "Le 9 nov. 2026 à 15:04, Priscilla Reyes a écrit :\n> " + SENT,
    "Spanish": "El lun, 9 nov 2026 a las 15:04, Priscilla Reyes escribió:\n> " + SENT,
    "Italian": "Il giorno lun 9 nov 2026 alle ore 15:04 Priscilla Reyes ha scritto:\n> " + SENT,
    "Dutch": "Op ma 9 nov 2026 om 15:04 schreef Priscilla Reyes:\n> " + SENT,
    "Danish": "Den 9. nov. 2026 kl. 15.04 skrev Priscilla Reyes:\n" + SENT,
    "Czech": "Dne 9. 11. 2026 v 15:04 Priscilla Reyes napsal(a):\n" + SENT,
    "Polish": "Dnia 9 listopada 2026 15:04 Priscilla Reyes napisał(a):\n> " + SENT,
    "Portuguese": "Em seg., 9 de nov. de 2026 às 15:04, P. Reyes <r@n.example> escreveu:\n\n" + SENT,
    "Chinese": "2026年11月9日 15:04，Priscilla Reyes 写道：\n" + SENT,
    "Japanese": "2026年11月9日(月) 15:04 Priscilla Reyes <reyes@northwind.example>:\n" + SENT,
    "Korean": "2026년 11월 9일 (월) 오후 3:04, Priscilla Reyes님이 작성하였습니다:\n" + SENT,
    "with Windows lines": "On 9 Nov 2026, P. Reyes <r@n.example> wrote:\r\n> Can you come?\r\n",
}

# What programs and lawyers put below a message.
SIGNATURES = {
    "a delimiter": "-- \nAda Park\nData Engineer\n+1 555 0100\n",
    "a delimiter without its space": "--\nAda Park\nData Engineer\n",
    "an iPhone": "Sent from my iPhone\n",
    "Outlook": "Get Outlook for iOS<https://aka.example/o0ukef>\n",
    "Outlook for Android": "Sent from Outlook for Android\n",
    "German": "Gesendet von Mail für Windows\n",
    "Spanish": "Enviado desde mi iPhone\n",
    "French": "Envoyé depuis mon iPhone\n",
    "Italian": "Inviato da iPhone\n",
    "Dutch": "Verzonden vanaf mijn iPhone\n",
    "Danish": "Sendt fra min iPhone\n",
    "Swedish": "Skickat från min iPhone\n",
    "Czech": "Odesláno z mého iPhonu\n",
    "Polish": "Wysłano z iPhone\n",
    "Korean": "내 iPhone에서 보냄\n",
    "Chinese": "从我的iPhone发送\n",
    "lawyers": "This e-mail is confidential and intended only for the addressee. If you have received it in error,\n"
    "please notify the sender and delete it.\n",
}

# What looks like quoted mail or a signature, and is the writer's own.
OWNS = {
    "thanks first": "Thank you,\nMs Reyes, for your time on Monday.\n\nBest,\nAda\n",
    "a list": "Dear Bo,\n\nYour first day:\n\n- Start date: Monday\n- Place: room 4\n\nBest,\nAda\n",
    "times": "Dear Bo,\n\nYour interview:\nFrom: 10:00\nTo: 11:30\nDate: Thursday 12 November\n\nBest,\nAda\n",
    "a word in front of a colon": "Dear Bo,\n\nData: I built three pipelines.\nDo: write to me.\n\nBest,\nAda\n",
    "wrote": "Dear Bo,\n\nOn my last project I wrote:\n\nSELECT 1\n\nBest,\nAda\n",
    "on and wrote": "Dear Bo,\n\nOn Monday you wrote that you would call. I wrote: yes.\n\nBest,\nAda\n",
    "more than": "Dear Bo,\n\nI led a team of\n>50 people.\n\nBest,\nAda\n",
    "an arrow": "Dear Bo,\n\nLondon -> Leeds, then --> York.\n\nBest,\nAda\n",
    "a hidden From": "Dear Bo,\n\n>From Monday on I am free.\n\nBest,\nAda\n",
    "rules between parts": "Dear Bo,\n\nFirst part.\n\n--\n\n" + "A line of the second part.\n" * 12 + "\nBest,\nAda\n",
    "a delimiter above the farewell": "Dear Bo,\n\nThank you for your time.\n\n-- \nKind regards,\nAda Park\n",
    "dashes": "Dear Bo -- thank you.\n\n--- Agenda ---\n\nBest,\nAda\n",
    "sent from": "Dear Bo,\n\nSent from my phone, so please excuse the typing.\n\nBest,\nAda\n",
    "confidential": "Dear Bo,\n\nYour offer is confidential, please do not share it.\n\nBest,\nAda\n",
    "an address": "Dear Bo,\n\nTo: reach me, write to ada@park.example.\n\nBest,\nAda\n",
    "nothing": "",
    "white": " \n\n\t\n",
}


@pytest.mark.parametrize("name", QUOTES)
@pytest.mark.parametrize("between", ["\n", "", "\n\n \n"])
def test_mail_below_the_message_is_set_aside(name: str, between: str) -> None:
    """Whatever program quoted the earlier mail, what is judged is what was written above it."""
    own, quoted = set_aside(OWN + between + QUOTES[name])
    assert quoted
    assert own == OWN + between


@pytest.mark.parametrize("name", QUOTES)
def test_quoted_mail_alone_has_no_text_of_its_own(name: str) -> None:
    """A message in which nothing was written is empty."""
    assert set_aside(QUOTES[name]) == ("", True)
    assert set_aside("\n\n" + QUOTES[name]) == ("", True)


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_is_set_aside_and_is_no_quoted_mail(name: str) -> None:
    """Signatures go; the farewell and the name stay."""
    assert set_aside(f"{OWN}\n{SIGNATURES[name]}") == (OWN + "\n", False)
    assert set_aside(f"{OWN}\n{SIGNATURES[name]}\n{QUOTES['Gmail']}") == (OWN + "\n", True)


@pytest.mark.parametrize("name", OWNS)
def test_what_only_looks_like_a_quote_stays(name: str) -> None:
    """The writer's own words are all judged."""
    assert set_aside(OWNS[name]) == (OWNS[name], False)


def test_a_line_above_the_header_stays() -> None:
    """A last line that begins like a header is not taken for its beginning."""
    body = "Dear Bo,\n\nOn reflection I would love to come\nOn 9 Nov 2026, Bo Reyes wrote:\n> Can you come?\n"
    assert own_part(body) == "Dear Bo,\n\nOn reflection I would love to come\n"


def test_answers_between_quoted_lines_keep_their_places() -> None:
    """Where answers stand among the questions, the questions become spaces."""
    body = "On 9 Nov 2026, Bo Reyes wrote:\n> Thursday?\nYes, gladly.\n\n> At ten?\nAt eleven, please.\n> Bo\n"
    own, quoted = set_aside(body)
    assert quoted
    assert own.split() == ["Yes,", "gladly.", "At", "eleven,", "please."]
    assert own.index("At eleven") == body.index("At eleven")
    assert [len(line) for line in own.split("\n")[:6]] == [len(line) for line in body.split("\n")[:6]]


def test_an_answer_below_the_quoted_mail_is_own() -> None:
    """Some write below what they answer."""
    body = f"On 9 Nov 2026, Bo Reyes wrote:\n> Thursday?\n> -- \n> Bo\n\n{OWN}"
    assert own_part(body).strip() == OWN.strip()
    assert own_part(body).index("Dear") == body.index("Dear")


def test_a_name_below_a_programs_line_stays() -> None:
    """A line of a program goes alone."""
    assert own_part("Thank you.\nSent from my iPhone\nAda Park\n").split() == ["Thank", "you.", "Ada", "Park"]


SMALL = ["> ", ">", "\n", " ", "-- ", "wrote:", "From:", "On 1", "@", "é\r"]
PARTS = st.sampled_from([*OWN.split("\n"), *QUOTES.values(), *SIGNATURES.values(), *SMALL])


@given(st.lists(st.one_of(PARTS, st.text(max_size=20)), max_size=30).map("\n".join))
def test_every_character_keeps_its_place(body: str) -> None:
    """Own text is what stands in the body at the same place, or a space; lines stay lines."""
    own = own_part(body)
    assert len(own) <= len(body)
    assert all(one in (there, " ") for one, there in zip(own, body, strict=False))
    assert own.count("\n") == body[: len(own)].count("\n")
    assert own == "" or own.strip() or own == body


N = 100_000
LONG = {
    "On": "On " * (N // 3),
    "On in lines": ("On 1 " * 58 + "wrote:\n") * (N // 296),
    "On without an end": ("On 1 " * 58 + " wrote: x:\n") * (N // 300),
    "marks": "> " * (N // 2),
    "lines of marks": "> > > >\n" * (N // 8),
    "From": "From: " * (N // 6),
    "lines of From": "From: From:\n" * (N // 12),
    "From and spaces": ("From:" + " " * 290 + "\n") * (N // 296),
    "lines": "\n" * N,
    "wrote": "wrote:" * 10_000,
    "lines of wrote": "1 wrote:\n" * (N // 9),
    "delimiters": "--\n" * (N // 3),
    "dashes": "-" * N,
    "underscores": ("_" * 60 + "\n") * (N // 61),
    "schrieb": ("Am 1 " + "schrieb " * 36 + "\n:\n") * (N // 296),
    "addresses": ("1" * 100 + "<a@b>" * 30 + ":\n") * (N // 250),
    "programs": ("Sent from my " + "x " * 100 + "\n") * (N // 214),
    "lawyers": "confidential delete notify " * (N // 27),
    "stars": "*" * N + "From:",
    "one word": "a" * N + ">",
}


@pytest.mark.parametrize("name", LONG)
def test_no_text_takes_long(name: str) -> None:
    """Nothing that can be written makes anybody wait."""
    own_part("> " + OWN)  # the library is loaded when it is first needed
    began = time.process_time()
    own_part(LONG[name])
    assert time.process_time() - began < 5
