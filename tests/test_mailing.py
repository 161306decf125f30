"""What messages for mail servers promise: the same order, the same bytes, and no name that becomes a header."""

from __future__ import annotations

import ssl
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.mailing.addresses import address, one_line
from followup_rules.mailing.message import compose, message_id
from followup_rules.mailing.server import MailServer, failure, is_loopback, told
from followup_rules.model.application import Candidate, Contact
from followup_rules.model.decision import Draft
from followup_rules.testing.samples import an_order

ADA = address("Ada Novak <ada@example.com>")
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"
}  # fmt: skip
TRICKY = st.text(alphabet=st.sampled_from('aé☂=?_,;:<>@"\\()[]\r\n\t \x00\x85\u2028\udc80.'), max_size=120) | st.text()


@settings(max_examples=300, deadline=None)
@given(name=TRICKY, subject=TRICKY, body=TRICKY)
def test_no_text_begins_a_header(name: str, subject: str, body: str) -> None:
    """Whatever stands in them: these headers, this recipient, lines that mail may have, and twice the same bytes."""
    order = an_order(draft=Draft(subject, body, "sam@example.com"))
    order = order._replace(candidate=Candidate.model_construct(name=name, email="sam@example.com"))
    data = compose(order, ADA).as_bytes()
    assert data == compose(order, ADA).as_bytes()
    read: Any = message_from_bytes(data, policy=default)
    assert set(read.keys()) == HEADERS and len(read.keys()) == len(HEADERS)
    assert [one.addr_spec for one in read["To"].addresses] == ["sam@example.com"]
    assert read["From"].addresses[0].display_name == "Ada Novak"
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"") and data.isascii()


WORDS = (
    "Über die Stelle bei Müller & Söhne – wie geht's weiter? 応募者 日本語テスト ☂ (a) a,b; C++/Rust naïve"
).split()


@settings(max_examples=200, deadline=None)
@given(
    subject=st.lists(st.sampled_from(WORDS), min_size=1, max_size=30),
    name=st.lists(st.sampled_from(WORDS), min_size=1, max_size=8),
)
def test_words_of_any_language_arrive_as_they_are(subject: list[str], name: list[str]) -> None:
    """Every letter and every space, however long: the standard library alone loses spaces between encoded pieces."""
    order = an_order(draft=Draft(" ".join(subject), "b", "sam@example.com"))
    order = order._replace(candidate=Candidate(name=" ".join(name), email="sam@example.com"))
    data = compose(order, address("Ada Novák <ada@example.com>")).as_bytes()
    read: Any = message_from_bytes(data, policy=default)
    assert read["Subject"] == " ".join(subject)
    ((shown, spec),) = getaddresses([message_from_bytes(data)["To"].replace("\r\n", "")])
    assert (str(make_header(decode_header(shown))), spec) == (" ".join(name), "sam@example.com")
    assert read["From"] == "Ada Novák <ada@example.com>"
    assert all(len(line) <= 78 for line in data.split(b"\r\n"))


@settings(max_examples=300, deadline=None)
@given(text=TRICKY | st.text(alphabet='ab.@-<> "é', max_size=30))
def test_what_is_taken_as_an_address_is_one(text: str) -> None:
    """A name, and an address of ASCII with one @ and no spaces; or an error that says why."""
    try:
        found = address(text)
    except ValueError as error:
        assert str(error).isascii()
    else:
        assert found.addr_spec.isascii() and found.addr_spec.count("@") == 1 and " " not in found.addr_spec
        assert found.display_name.isprintable()


@pytest.mark.parametrize(
    ("text", "spec", "name"),
    [
        ("ada@example.com", "ada@example.com", ""),
        ("Ada Novák <ada@example.com>", "ada@example.com", "Ada Novák"),
        ('"Novák, \\"Ada\\"" <ada@example.com>', "ada@example.com", 'Novák, "Ada"'),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example", ""),
    ],
)
def test_addresses_as_people_write_them(text: str, spec: str, name: str) -> None:
    """With and without a name; hosts in the letters that servers know."""
    assert (address(text).addr_spec, address(text).display_name) == (spec, name)


def test_the_recipient_has_the_name_that_the_application_knows() -> None:
    """Of the contact or the candidate, whoever has that address."""
    sam = Contact(id="u-3", name="Sam Reyes", email="sam@example.com")
    assert compose(an_order()._replace(person=sam), ADA)["To"] == "Sam Reyes <sam@example.com>"
    assert (
        compose(an_order()._replace(person=Contact(id="u-4", name="Bo", email="b@x.org")), ADA)["To"]
        == "sam@example.com"
    )


def test_ids_are_never_folded_or_encoded() -> None:
    """Also with a domain that is longer than a line of a header should be."""
    sender = address(f"ada@{'long-' * 11}name.example.com")
    data = compose(an_order(step=3), sender).as_bytes()
    ids = [message_id(an_order(step=step).id, sender).encode() for step in (1, 2, 3)]
    assert b"\r\nMessage-ID: " + ids[2] + b"\r\nIn-Reply-To: " + ids[1] + b"\r\nReferences: " + ids[0] in data


def test_without_a_text_there_is_no_message() -> None:
    """A rule without a template asks for nothing that could be written."""
    with pytest.raises(Refused, match="has no template"):
        compose(an_order(draft=None), ADA)


def test_what_looks_encoded_is_taken_apart() -> None:
    """Readers would decode it, line breaks and all."""
    assert "=?" not in one_line("=?utf-8?q?=0D=0ABcc:_x?=")


def test_this_machine_and_others() -> None:
    """Names that only look like it are others."""
    assert all(map(is_loopback, ("localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1")))
    assert not any(map(is_loopback, ("localhost.example.com", "127.0.0.1.example.com", "10.0.0.1", "")))


def test_a_file_of_authorities_that_is_none(tmp_path: Path) -> None:
    """A setting to mend."""
    (tmp_path / "empty.pem").write_text("nothing\n")
    for file in (tmp_path / "empty.pem", tmp_path / "none.pem"):
        with pytest.raises(Misconfigured, match="no readable file of certificates"):
            MailServer(host="localhost", ca_file=file).trust()


def test_what_servers_say_is_one_line_without_secrets() -> None:
    """They may repeat what they were given, and speak to terminals."""
    assert told(b"535 no\r\n\x1b[31m canary-7f3a \xff", "canary-7f3a") == "535 no ?[31m *** \ufffd"


def test_what_a_broken_connection_means() -> None:
    """Settings to mend, or to try again, with the truth about what may have been done."""
    assert isinstance(failure(ssl.SSLError(1, "wrong version"), "h:1", maybe_done=False), Misconfigured)
    for error in (TimeoutError(), ConnectionResetError("reset"), ssl.SSLEOFError(8, "EOF")):
        for maybe in (True, False):
            meant = failure(error, "h:1", maybe_done=maybe)
            assert isinstance(meant, Retriable) and meant.maybe_done is maybe
