"""A message is read as its writer wrote it, whatever program saved it, and every word keeps its place in the file."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_rules.errors import InvalidInput
from followup_rules.load.headers import Address
from followup_rules.load.html import html_text
from followup_rules.load.messages import LARGEST, MessageFile, kind_of, read_message, read_message_bytes
from followup_rules.quality.gate import judgeable

HEAD = b"From: Ada Park <ada@park.example>\nTo: Bo Reyes <bo@n.example>\nSubject: Thank you\nMIME-Version: 1.0\n"
BODY = "Dear Bo,\n\nThank you for your time.\n\nKind regards,\nAda Park\n"


def mail(*parts: bytes | str, head: bytes = HEAD) -> MessageFile:
    """The mail of some headers and what stands below them."""
    return read_message_bytes(head + joined(*parts), "d.eml", "eml")


def joined(*parts: bytes | str) -> bytes:
    return b"".join(one.encode() if isinstance(one, str) else one for one in parts)


def multi(kind: str, *parts: bytes | str, end: bytes = b"--b--\n") -> bytes:
    """A multipart body and its header."""
    start = f"Content-Type: multipart/{kind}; boundary=b\n\n"
    return joined(start, *(joined("--b\n", one, "\n") for one in parts), end)


def encoded(text: str, charset: str, named: str | None = None, kind: str = "plain") -> bytes:
    """Headers and body of a text in base64."""
    content = f"Content-Type: text/{kind}; charset={named or charset}\nContent-Transfer-Encoding: base64\n\n"
    return joined(content, base64.encodebytes(text.encode(charset)))


def warnings(message: MessageFile) -> list[str]:
    assert all(problem.severity == "warning" for problem in message.problems)
    return [str(problem) for problem in message.problems]


def refused(data: bytes, kind: str = "eml") -> str:
    with pytest.raises(InvalidInput) as caught:
        read_message_bytes(data, "d." + kind, kind)  # type: ignore[arg-type]
    assert all(problem.severity == "error" for problem in caught.value.problems)
    return str(caught.value)


PLAIN = "Content-Type: text/plain\n\n"
HTML = "Content-Type: text/html\n\n"
FLOWED = "Content-Type: text/plain; format=flowed"
ATTACHED = "Content-Type: text/plain; name=cv.txt\nContent-Disposition: attachment; filename=cv.txt\n\nMy CV\n"
INNER = "Content-Type: message/rfc822\n\nSubject: older\n\nAn older mail\n"

# Bodies of mails, and the text that a reader sees.
MAILS: dict[str, tuple[bytes | str, str]] = {
    "plain": ("\nDear Bo\n", "Dear Bo\n"),
    "Windows lines": ("\r\nDear Bo\r\nYes\r\n", "Dear Bo\nYes\n"),
    "old Mac lines": ("\rDear Bo\rYes", "Dear Bo\nYes"),
    "UTF-8 that is not named": ("\nDear Zoë\n", "Dear Zoë\n"),
    "quoted-printable": ("Content-Transfer-Encoding: quoted-printable\n\nDear Zo=C3=AB, =\nyes\n", "Dear Zoë, yes\n"),
    "base64": (encoded("Dear Zoë\n", "utf-8"), "Dear Zoë\n"),
    "windows-1252": (encoded("Dear Zoë – “yes” €5\n", "windows-1252"), "Dear Zoë – “yes” €5\n"),
    "windows-1252 named as latin-1": (encoded("It’s\n", "windows-1252", "iso-8859-1"), "It’s\n"),
    "iso-8859-2": (encoded("Dear Łukasz\n", "iso-8859-2"), "Dear Łukasz\n"),
    "iso-8859-15": (encoded("€5\n", "iso-8859-15"), "€5\n"),
    "utf-16": (encoded("Dear Zoë\n", "utf-16"), "Dear Zoë\n"),
    "gb18030": (encoded("Dear 李\n", "gb18030"), "Dear 李\n"),
    "gb18030 named as gb2312": (encoded("Dear 镕\n", "gb18030", "gb2312"), "Dear 镕\n"),
    "koi8-r": (encoded("Dear Анна\n", "koi8-r"), "Dear Анна\n"),
    "shift_jis": (encoded("Dear 田中\n", "shift_jis"), "Dear 田中\n"),
    "8bit in windows-1252": (b"Content-Type: text/plain; charset=windows-1252\n\nDear Zo\xeb\n", "Dear Zoë\n"),
    "a quoted charset": ('Content-Type: text/plain; charset="UTF-8"\n\nDear Zoë\n', "Dear Zoë\n"),
    "a byte order mark in a part": (encoded("\ufeffDear Bo\n", "utf-8"), "Dear Bo\n"),
    "flowed": (FLOWED + "\n\nDear Bo, \nthank \nyou.\n\n Bye\n", "Dear Bo, thank you.\n\nBye\n"),
    "flowed, DelSp": (FLOWED + "; delsp=yes\n\nab \ncd\n", "abcd\n"),
    "flowed, signature": (FLOWED + "\n\nBye \n-- \nAda\n", "Bye \n-- \nAda\n"),
    "flowed, quoted": (FLOWED + "\n\nYes.\n> Will you \n> come?\nNo\n", "Yes.\n> Will you come?\nNo\n"),
    "alternative": (multi("alternative", PLAIN + "Plain", HTML + "<p>Rich"), "Plain"),
    "alternative, rich first": (multi("alternative", HTML + "<p>Rich", PLAIN + "Plain"), "Plain"),
    "alternative, plain is empty": (multi("alternative", PLAIN + " \n", HTML + "<p>Rich"), "Rich"),
    "alternative with related": (
        multi("alternative", HTML + "<p>Rich", "Content-Type: image/png\n\nxx"), "Rich"
    ),
    "mixed": (multi("mixed", PLAIN + "Plain", ATTACHED), "Plain"),
    "mixed, the attachment first": (multi("mixed", ATTACHED, PLAIN + "Plain"), "Plain"),
    "two inline texts": (multi("mixed", PLAIN + "One", "Content-Type: image/png\n\nxx", PLAIN + "Two"), "One\nTwo"),
    "related": (multi("related", HTML + "<p>Rich <img src=cid:1>", "Content-Type: image/png\n\nxx"), "Rich"),
    "signed": (multi("signed", PLAIN + "Plain", "Content-Type: application/pgp-signature\n\nxx"), "Plain"),
    "an attached mail": (multi("mixed", PLAIN + "See below", INNER), "See below"),
    "an invitation": (multi("alternative", PLAIN + "Come", "Content-Type: text/calendar\n\nBEGIN:VCALENDAR"), "Come"),
    "only an attachment": (multi("mixed", ATTACHED), ""),
    "only an attached mail": (multi("mixed", INNER), ""),
    "nothing": ("\n", ""),
    "a strange type": ("Content-Type: nonsense\n\nDear Bo\n", "Dear Bo\n"),
    "a strange encoding": ("Content-Transfer-Encoding: rot13\n\nDear Bo\n", "Dear Bo\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
def test_the_text_of_a_mail_is_what_its_reader_sees(name: str) -> None:
    """Encodings, charsets and parts are those that the mail names; attachments are not the text."""
    given_, wanted = MAILS[name]
    read = mail(given_)
    assert read.body == wanted
    assert warnings(read) == []
    assert (read.subject, read.text.subject, read.text.body.rstrip()) == (
        "Thank you",
        "Thank you",
        own(wanted).rstrip(),
    )


def own(body: str) -> str:
    return re.sub(r"(?m)^-- \n.*|^>.*", lambda match: " " * len(match.group()), body)


HTMLS = {
    "paragraphs": ("<p>Dear Bo,</p><p>Thank you.</p>", "Dear Bo,\n\nThank you."),
    "lines": ("<div>Dear Bo,</div><div><br></div><div>Thank<br>you.</div>", "Dear Bo,\n\nThank\nyou."),
    "Outlook": ("<p class=MsoNormal>Hi,</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>Yes", "Hi,\n\nYes"),
    "entities": ("caf&eacute;&nbsp;&amp; &#8211; &lt;tea&gt; &unknown;", "café & – <tea> &unknown;"),
    "links": ('See <a href="https://x.example">my page</a>.', "See my page."),
    "white space": ("  Dear\n\t <b> Bo</b> ,\n yes", "Dear Bo , yes"),
    "a list": ("Topics:<ul><li>one<li>two<ul><li>deep</ul></ul>", "Topics:\n- one\n- two\n  - deep"),
    "numbers": ("<ol><li><b>a</b></li><li>b</li></ol>", "1. a\n2. b"),
    "a table": ("<table><tr><th>Day<th>Time<tr><td>Mon<td>10:00</table>", "Day Time\nMon 10:00"),
    "dropped": ("<head><title>T</title><style>p{}</style></head><script>x()</script><!-- c -->Dear Bo", "Dear Bo"),
    "hidden": ("<div style='display: none'>no</div><span hidden>no</span><p style='font-size:0'>no</p>Yes", "Yes"),
    "small is not hidden": ("<p style='font-size:0.9em'>Yes", "Yes"),
    "never closed": ("<div><p>Dear <b>Bo<p>Yes<table><td>No", "Dear Bo\n\nYes\nNo"),
    "code": ("<p>See<pre>a\n  b</pre>end", "See\n\na\n  b\n\nend"),
    "pictures": ("<img src=x alt=logo><p>Hi", "Hi"),
    "nothing": ("", ""),
    "no text": ("<html><body><img src=x></body></html>", ""),
    "no HTML": ("Dear Bo", "Dear Bo"),
    "a blockquote": ("Yes<blockquote><p>Will you<p>come?</blockquote>No", "Yes\n\n> Will you\n>\n> come?\n>\nNo"),
}  # fmt: skip


@pytest.mark.parametrize("name", HTMLS)
def test_html_becomes_the_text_that_is_seen(name: str) -> None:
    """What is shown is kept, line by line; what is hidden is dropped."""
    html, wanted = HTMLS[name]
    assert html_text(html) == wanted
    assert mail(HTML, html).body == wanted


QUOTED_HTML = {
    "Gmail": '<div class="gmail_quote"><div class="gmail_attr">On 9 Nov Bo wrote:</div><blockquote>Old</blockquote>',
    "Gmail, forwarded": '<div class="gmail_quote"><div>---- Weitergeleitet ----</div>Old</div>',
    "Yahoo": '<div class="yahoo_quoted"><div>On Monday, Bo wrote:</div>Old</div>',
    "Thunderbird": '<div class="moz-cite-prefix">On 11/9/26, Bo wrote:</div><blockquote type="cite">Old</blockquote>',
    "Outlook": "<div style='border-top:solid'><p><b>From:</b> Bo<br><b>Sent:</b> Monday<br><b>To:</b> Ada<br>"
    "<b>Subject:</b> Visit</p></div><p>Old</p>",
    "Apple": '<div><br><blockquote type="cite"><div>On 9 Nov 2026, at 15:04, Bo wrote:</div>Old</blockquote></div>',
    "a blockquote": "<blockquote>Old</blockquote>",
}


@pytest.mark.parametrize("name", QUOTED_HTML)
def test_quoted_mail_in_html_is_set_aside(name: str) -> None:
    """Every program marks what it quotes in its own way."""
    read = mail(HTML, "<div>Yes, gladly.</div>", QUOTED_HTML[name])
    assert "Old" in read.body
    assert read.text.body.strip() == "Yes, gladly."
    assert read.text.quoted
    alone = mail(HTML, QUOTED_HTML[name])
    assert (alone.text.body, alone.text.quoted) == ("", True)
    assert [finding.code for finding in judgeable(alone.text)] == ["FR303"]


def test_answers_between_gmails_quotes_are_own() -> None:
    """Gmail puts answers into the element of quoted mail."""
    html = '<div class="gmail_quote"><div class="gmail_attr">On 9 Nov Bo wrote:</div><blockquote>Old</blockquote>New'
    assert mail(HTML, html, "<blockquote>Old</blockquote></div>").text.body.split() == ["New"]


SUBJECTS: dict[str, tuple[bytes | str, str]] = {
    "plain": ("Thank you", "Thank you"),
    "none": ("", ""),
    "base64": ("=?utf-8?B?Q2Fmw6k=?=", "Café"),
    "quoted": ("=?iso-8859-1?Q?Caf=E9_at_ten?=", "Café at ten"),
    "in two words": ("=?utf-8?Q?Caf=C3=A9?=\n =?utf-8?Q?_at_ten?=", "Café at ten"),
    "folded": ("Thank you\n for your time", "Thank you for your time"),
    "raw UTF-8": ("Café", "Café"),
    "raw latin-1": (b"Caf\xe9", "Café"),
    "koi8-r": ("=?koi8-r?B?" + base64.b64encode("Анна".encode("koi8-r")).decode() + "?=", "Анна"),
    "a line break inside": ("=?utf-8?Q?a=0D=0ABcc=3A_x?=", "a Bcc: x"),
    "broken": ("=?utf-8?Q?a", "=?utf-8?Q?a"),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_subject_is_one_readable_line(name: str) -> None:
    """Encoded words are decoded, and a subject cannot bring headers or lines of its own."""
    raw, wanted = SUBJECTS[name]
    read = mail(b"\nx\n", head=joined("Subject: ", raw, "\nFrom: a@b.example\n"))
    assert (read.subject, read.recipients, warnings(read)) == (wanted, (), [])


ADDRESSES = {
    "Ada Park <ada@p.example>": [("Ada Park", "ada@p.example")],
    "ada@p.example": [("", "ada@p.example")],
    '"Park, Ada" <ada@p.example>, bo@n.example': [("Park, Ada", "ada@p.example"), ("", "bo@n.example")],
    "=?utf-8?Q?Zo=C3=AB?= <z@n.example>": [("Zoë", "z@n.example")],
    "Zoë <z@n.example>": [("Zoë", "z@n.example")],
    "Team: a@n.example, b@n.example;": [("", "a@n.example"), ("", "b@n.example")],
    "": [],
    "Bo Reyes": [("Bo Reyes", "")],
}


@pytest.mark.parametrize("value", ADDRESSES)
def test_who_writes_to_whom_is_read_from_the_headers(value: str) -> None:
    """Names and addresses, decoded, in their order."""
    wanted = tuple(Address(*one) for one in ADDRESSES[value])
    read = mail(f"To: {value}\nCc: c@n.example\n\nx\n", head=f"From: {value}\n".encode())
    assert read.recipients == (*wanted, Address("", "c@n.example"))
    assert read.sender == (wanted[0] if wanted else None)


def test_an_answer_is_known_by_its_headers() -> None:
    """`In-Reply-To` or `References` make a mail an answer; 'Re:' alone does not."""
    assert mail("In-Reply-To: <1@n.example>\n\nx\n").in_reply_to
    assert mail("References: <1@n.example>\n\nx\n").in_reply_to
    assert not mail("X-Subject: Re: x\n\nx\n").in_reply_to


DAMAGED: dict[str, tuple[bytes | str, str, str]] = {
    "no end": (multi("mixed", PLAIN + "Dear Bo", end=b""), "Dear Bo", "FR307 .*ends before its last part"),
    "no boundary": ("Content-Type: multipart/mixed\n\nDear Bo", "Dear Bo", "FR307 .*how its parts are told apart"),
    "not there": ("Content-Type: multipart/mixed; boundary=z\n\nDear Bo", "Dear Bo", "FR307 .*begins its"),
    "unknown charset": (encoded("Dear Zoë", "utf-8", "x-klingon"), "Dear Zoë", "FR308 .* 'x-klingon' is not known"),
    "a codec that is no charset": (encoded("Dear", "utf-8", "zlib"), "Dear", "FR308 the charset 'zlib' is not known"),
    "wrong charset": (encoded("Dear Zoë é", "latin-1", "utf-8"), "Dear Zo� �", "FR308 2 characters .* not in utf-8"),
    "no charset": (b"\nDear Zo\xeb", "Dear Zoë", "FR308 a character could only be guessed at"),
    "base64 with dirt": (encoded("Dear Bo", "utf-8").replace(b"RGV", b"*RG!V"), "Dear Bo", "FR307 .*base64"),
    "no header": ("what is this\n\nDear Bo", "what is this\n\nDear Bo", "FR307 .*a line among its headers"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_mail_is_read_as_far_as_it_goes(name: str) -> None:
    """What is wrong is a warning, as long as there is something to judge."""
    given_, text, wanted = DAMAGED[name]
    read = mail(given_)
    assert read.body.strip() == text
    assert re.search(wanted, "\n".join(warnings(read))), warnings(read)
    assert all(problem.hint for problem in read.problems)


def test_a_subject_that_cannot_be_read_is_a_warning_at_its_place() -> None:
    """The warning points at the header."""
    (warning,) = warnings(mail("\nx\n", head=b"From: a@b.example\nSubject: =?x-foo?Q?caf=E9?=\n"))
    assert warning.startswith("d.eml:2:10: FR308 a part of the subject could not be read")


def test_a_zero_in_the_name_of_a_charset_breaks_nothing() -> None:
    """Headers may hold anything."""
    read = mail(b"Content-Type: text/plain; charset=win\0dows\n\nDear Zo\xeb\n")
    assert read.body == "Dear Zoë\n"
    assert "FR308 the charset" in warnings(read)[0]


NO_MAILS = {
    "nothing": b"",
    "white": b" \n\n",
    "zeros": b"\0" * 1000,
    "all bytes": bytes(range(256)) * 4,
    "a picture": HEAD + encoded("", "utf-8") + base64.encodebytes(bytes(range(256)) * 9),
    "base64 garbage": HEAD + b"Content-Transfer-Encoding: base64\n\n!!!! $$$$ ####\n",
    "1,000 deep": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000))
    + b"\nx\n",
    "attached mails, 3,000 deep": HEAD + b"Content-Type: message/rfc822\n\n" * 3000,
}


@pytest.mark.parametrize("name", NO_MAILS)
def test_what_is_no_mail_is_refused(name: str) -> None:
    """Where nothing can be read, that is said in one line, with the mend."""
    assert re.fullmatch(
        r"d\.eml: FR307 cannot be read as a mail: [^\n]+; save the mail anew [^\n]+", refused(NO_MAILS[name])
    )


def test_a_text_saved_as_a_mail_is_read_with_a_warning() -> None:
    """A draft without headers is still a draft."""
    read = read_message_bytes(BODY.encode(), "d.eml", "eml")
    assert (read.body, read.subject) == (BODY, "")
    assert "FR307 the mail is damaged: it has no headers" in warnings(read)[0]


TEXTS = {
    "as the folder adapter writes": ("To: bo@n.example\nSubject: Thanks\n\n" + BODY, "Thanks", BODY, 4),
    "a subject alone": ("Subject: Thanks\n\n" + BODY, "Thanks", BODY, 3),
    "a subject right above the text": ("Subject: Thanks\n" + BODY, "Thanks", BODY, 2),
    "no head": (BODY, "", BODY, 1),
    "a folded head": ("Subject: Thanks\nTo: Bo,\n  Cy\n\n" + BODY, "Thanks", BODY, 5),
    "small letters": ("subject: Thanks\nCC: x@n.example\n\n" + BODY, "Thanks", BODY, 4),
    "Windows lines": ("Subject: Thanks\r\n\r\nDear Bo,\r\n\r\nYes\r\n", "Thanks", "Dear Bo,\n\nYes\n", 3),
    "a byte order mark": ("\ufeffSubject: Thanks\n\n" + BODY, "Thanks", BODY, 3),
    "front matter": ("---\nsubject: 'Thanks'\nlayout: x\n---\n" + BODY, "Thanks", BODY, 5),
    "a rule is no front matter": ("---\n" + BODY, "", "---\n" + BODY, 1),
    "a head that is text": ("To: be honest\nI like it\n\nBye\n", "", "To: be honest\nI like it\n\nBye\n", 1),
    "a head alone": ("Subject: Thanks", "Thanks", "", 1),
    "nothing": ("", "", "", 1),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_file_may_have_a_head(name: str, tmp_path: Path) -> None:
    """What stands in the head is not judged as text, and lines are counted in the file."""
    text, subject, body, line = TEXTS[name]
    path = tmp_path / "draft.txt"
    for encoding in ("utf-8", "utf-16"):
        path.write_bytes(text.encode(encoding))
        read = read_message(path, "draft.txt")
        assert (read.subject, read.body, read.text.body, warnings(read)) == (subject, body, body, [])
        if text.endswith(body) and body:
            assert str(read.place("body", 0)) == f"draft.txt:{line}:1"


def test_the_place_of_a_subject_is_its_header() -> None:
    """Findings of the subject point into the line of the head, in texts and in mails."""
    text = read_message_bytes(b"To: x@n.example\nSubject:  Thank you\n\nDear Bo\n", "d.txt", "text")
    assert str(text.place("subject", 6)) == "d.txt:2:17"
    assert str(mail("\nx\n").place("subject", 6)) == "d.eml:3:16"
    coded = mail("\nx\n", head=b"From: a@b.example\nSubject: =?utf-8?Q?Caf=C3=A9_x?=\n")
    assert str(coded.place("subject", 5)) == "d.eml:2:10"
    assert str(read_message_bytes(b"Dear Bo\n", "d.txt", "text").place("subject", 0)) == "d.txt"


def test_places_in_a_mail_are_lines_of_the_file_where_they_can_be() -> None:
    """In a plain mail they are lines of the file; in an encoded one they are lines of the text, and a note says so."""
    plain = mail("\nDear Bo,\n\nThank you.\n")
    assert str(plain.place("body", plain.body.index("you"))) == "d.eml:8:7"
    assert plain.notes == ()
    coded = mail(encoded(BODY, "utf-8"))
    assert str(coded.place("body", coded.body.index("Thank"))) == "d.eml:3:1"
    assert "lines and columns are those of the text, not of the file" in coded.notes
    flowing = mail(FLOWED + "\n\nDear Bo, \nthank \nyou.\n")
    assert str(flowing.place("body", flowing.body.index("you"))) == "d.eml:9:1"


def test_notes_say_what_was_made_of_a_mail() -> None:
    """A person is told what was read and what was not."""
    read = mail(multi("mixed", HTML + "<p>Hi", ATTACHED, INNER))
    assert read.notes[:3] == (
        "what is attached was left out",
        "a mail that is attached was left out",
        "the HTML part was turned to text",
    )


MARKS = {
    "Thank **you** very *much*, __Bo__ and _Cy_.": "Thank you very much, Bo and Cy.",
    "# Hello\n\nDear Bo": "Hello\n\nDear Bo",
    "See [my page](https://x.example/a_b) today.": "See my page today.",
    "Write to <ada@p.example>.": "Write to ada@p.example.",
    "2 * 3 * 4 and snake_case_name and 5*6": "2 * 3 * 4 and snake_case_name and 5*6",
    "- one\n- two\n\n* three": "- one\n- two\n\n* three",
    "`code` and ***both***": "code and both",
    "A\\_B \\*x": "A_B *x",
    "Hello **there": "Hello there",
    "I paid $5 [sic] (really).": "I paid $5 [sic] (really).",
    "Dear {{ name }}, [NAME]": "Dear {{ name }}, [NAME]",
}


@pytest.mark.parametrize("text", MARKS)
def test_the_marks_of_markdown_are_not_judged(text: str) -> None:
    """The text is what a reader sees once the marks are gone, and every word keeps its place in the file."""
    read = read_message_bytes(text.encode(), "d.md", "markdown")
    assert read.body == MARKS[text]
    lines = text.split("\n")
    for position, letter in enumerate(read.body):
        place = read.place("body", position)
        if letter != "\n":
            assert lines[place.line - 1][place.column - 1] == letter


def test_quoted_lines_of_markdown_are_quoted_mail(tmp_path: Path) -> None:
    """`>` is a quote in Markdown as in mails."""
    (tmp_path / "d.md").write_text("---\nto: Bo <bo@n.example>\n---\nYes, **gladly**.\n\n> Will you come?\n")
    read = read_message(tmp_path / "d.md", "d.md")
    assert (read.text.body.strip(), read.text.quoted) == ("Yes, gladly.", True)
    assert read.recipients == (Address("Bo", "bo@n.example"),)
    assert str(read.place("body", read.body.index("gladly"))) == "d.md:4:8"


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """A file that is not there, a folder, a name that cannot be: one line each."""
    for path, reason in ((tmp_path / "no.txt", "No such file"), (tmp_path, "Is a directory"), (Path("a\0b"), "null")):
        with pytest.raises(InvalidInput, match=f"x: FR001 cannot be read: .*{reason}"):
            read_message(path, "x")


@pytest.mark.parametrize("suffix", [".eml", ".txt", ".md"])
def test_a_file_that_is_too_large_is_refused(suffix: str, tmp_path: Path) -> None:
    """Nobody waits for what no person wrote."""
    path = tmp_path / f"d{suffix}"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(InvalidInput, match="FR005 is larger than 10 MB"):
        read_message(path, "d")
    with pytest.raises(InvalidInput, match="FR005"):
        read_message_bytes(b"x" * (LARGEST + 1), "d")


@pytest.mark.parametrize(
    ("data", "place"),
    [(b"Dear Bo,\nZo\xeb\n", "d.text:2:3"), ("Dear".encode("utf-16-le"), "d.text:1:2"), (b"\xff\xfeD", "d.text:1:3")],
)
def test_a_text_in_another_encoding_is_refused(data: bytes, place: str) -> None:
    """The message names the byte, and how to convert the file."""
    message = refused(data, "text")
    assert message.startswith(f"{place}: FR002 is not UTF-8 text (byte 0x")
    assert "iconv -f WINDOWS-1252 -t UTF-8" in message


KINDS = {
    b"From: a@b.example\nSubject: x\n\nDear Bo": "eml",
    b"Subject: x\nMIME-Version: 1.0\n\nDear Bo": "eml",
    b"Received: from x\n by y\nSubject: x\n\nDear Bo": "eml",
    b"\xef\xbb\xbfFrom: a@b.example\r\nSubject: x\r\n\r\nDear Bo": "eml",
    b"Subject: x\n\nDear Bo": "text",
    b"To: x\nSubject: x\n\nDear Bo": "text",
    b"Dear Bo,\nFrom: me\n": "text",
    b"": "text",
    b"\xff\xfe": "text",
}


@pytest.mark.parametrize("data", KINDS)
def test_the_kind_of_standard_input_is_seen_from_its_head(data: bytes) -> None:
    """Headers that only mails have make it a mail."""
    assert kind_of(data) == KINDS[data]


LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20), max_size=8)


@given(LINES, st.sampled_from(["", "To: x\nSubject: y\n\n", "Subject: y\n", "---\nto: x\n---\n"]), st.booleans())
def test_every_place_leads_back_to_its_character(lines: list[str], head: str, markdown: bool) -> None:
    """Line and column of a character are where it stands in the file."""
    text = head + "\n".join(lines)
    read = read_message_bytes(text.encode(), "d", "markdown" if markdown else "text")
    there = text.removeprefix("\ufeff").split("\n")
    for position, letter in enumerate(read.body):
        place = read.place("body", position)
        assert (there[place.line - 1] + "\n")[place.column - 1] == letter
    for position, letter in enumerate(read.text.body):
        assert letter in (" ", read.body[position])


GOOD = HEAD + multi(
    "alternative",
    encoded(BODY, "windows-1252"),
    "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p class=3D'gmail_quote'>Zo=C3=AB",
)
BITS = st.sampled_from([
    b"", b"\n", b"\0", b"\xff", b"--b", b"Content-Type: ", b"multipart/mixed", b"charset=", b"utf-7", b"=?", b"?=",
    b"<div>", b";*0*=", b'"', b"boundary=b", b"message/rfc822\n\n",
])  # fmt: skip


def quickly_and_without_a_traceback(data: bytes) -> None:
    began = time.process_time()
    try:
        read = read_message_bytes(data, "d.eml", "eml")
    except InvalidInput as error:
        assert [problem.code for problem in error.problems] == ["FR307"]
    else:
        read.place("body", len(read.body)), read.place("subject", len(read.subject))
        assert {problem.code for problem in read.problems} <= {"FR307", "FR308"}
        read.body.encode()
        read.subject.encode()
    assert time.process_time() - began < 1


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    """No bytes break anything, neither alone nor below the headers of a mail."""
    quickly_and_without_a_traceback(data)
    quickly_and_without_a_traceback(HEAD + data)
    quickly_and_without_a_traceback(HEAD + HTML.encode() + data)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 20), BITS), min_size=1, max_size=5))
def test_a_mail_that_was_damaged_anywhere_is_read_or_refused(changes: list[tuple[int, int, bytes]]) -> None:
    """Bytes that are lost or put in break nothing."""
    data = GOOD
    for position, lost, put in changes:
        data = data[:position] + put + data[position + lost :]
    quickly_and_without_a_traceback(data)


LONG: dict[str, bytes] = {
    "an attachment of 9 MB": HEAD + multi("mixed", PLAIN + "Dear Bo", joined("Content-Type: application/pdf; name=x\n"
        "Content-Transfer-Encoding: base64\n\n", base64.encodebytes(bytes(7_000_000)))),
    "a subject of 3 MB": HEAD + b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\n\nDear Bo\n",
    "open comments": HEAD + b"Cc: " + b"(" * 1_000_000 + b"\n\nDear Bo\n",
    "a million recipients": HEAD + b"Cc: " + b"a@b, " * 1_000_000 + b"\n\nDear Bo\n",
    "parameters": HEAD + b"Content-Type: text/plain; " + b"a=b;" * 200_000 + b"\n\nDear Bo\n",
    "punycode": HEAD + b"Content-Type: text/plain; charset=punycode\n\nDear Bo-" + b"9" * 1_000_000,
    "deep HTML": HEAD + joined(HTML, "Dear Bo", "<blockquote><p>x" * 100_000),
    "Gmail in Gmail": HEAD + joined(HTML, "Dear Bo", "<div class=gmail_quote>a" * 10_000),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_a_large_mail_is_read_in_little_time(name: str) -> None:
    """What is attached or repeated makes nobody wait."""
    began = time.process_time()
    assert read_message_bytes(LONG[name], "d.eml", "eml").text.body.startswith("Dear Bo")
    assert time.process_time() - began < 3


def test_many_levels_and_many_lines_are_refused() -> None:
    """The standard library looks at each line once for each level."""
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(290))
    assert "too many parts" in refused(HEAD + levels + b"x\n" * 300_000)
