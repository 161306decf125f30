"""From the bytes of a mail to text, by the charset that the mail names."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_REPLACED: Final = "\ufffd"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}")
_META: Final = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
# What mail programs write under one name and mean by it: a larger charset, of which the named one is a part.
_MEANT: Final = {
    **dict.fromkeys(("us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "ansi_x3.4-1968"), "windows-1252"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb_2312-80", "cp936"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr", "ks_c_5601"), "cp949"),
    **dict.fromkeys(("utf8mb4", "unicode-1-1-utf-8"), "utf-8"),
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "windows-1254",
    "tis-620": "cp874",
    "big5": "cp950",
}
# Codecs of Python that are no charsets of texts; some of them are very slow.
_NO_CHARSETS: Final = frozenset(
    {"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
)


class Decoded(NamedTuple):
    """A text, and what was wrong with its bytes: empty where nothing was."""

    text: str
    fault: str = ""
    hint: str = ""


def decode(raw: bytes, charset: str | None = None, html: bool = False) -> Decoded:
    """The text of some bytes.

    Without a charset, and where plain ASCII is named and more is there, UTF-8 is tried first.
    """
    named = (charset or "").strip().strip("\"'").lower()
    if not named and html and (meta := _META.search(raw[:2048])):
        named = meta.group(1).decode("ascii").lower()
    if raw.startswith(b"\xef\xbb\xbf"):
        raw, named = raw[3:], "utf-8"
    if named in ("", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "default", "8bit", "binary"):
        return _unnamed(raw)
    text = _strictly(raw, _MEANT.get(named, named))
    if text is not None:
        return Decoded(text)
    if not _is_known(named):
        hint = "have it sent again as UTF-8"
        return Decoded(_unnamed(raw).text, f"the charset '{named[:40]}' is not known; its text was guessed at", hint)
    text = _loosely(raw, _MEANT.get(named, named))
    lost = text.count(_REPLACED)
    some = "a character" if lost == 1 else f"{lost:,} characters"
    return Decoded(text, f"{some} could not be read: the text is not in {named}, as the mail says", _SAVE)


_SAVE: Final = "save the mail anew, as UTF-8"


def _unnamed(raw: bytes) -> Decoded:
    text = _strictly(raw, "utf-8")
    if text is not None:
        return Decoded(text)
    text = _loosely(raw, "windows-1252")
    strange = sum(byte > 127 for byte in raw)
    some = "a character" if strange == 1 else f"{strange:,} characters"
    return Decoded(text, f"{some} could only be guessed at: the mail does not say what charset they are in", _SAVE)


def _strictly(raw: bytes, charset: str) -> str | None:
    if not _NAME.fullmatch(charset) or charset.replace("-", "_") in _NO_CHARSETS:
        return None
    try:
        return raw.decode(charset)
    except (LookupError, ValueError):  # the codecs raise both
        return None


def _loosely(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _is_known(charset: str) -> bool:
    charset = _MEANT.get(charset, charset)
    if not _NAME.fullmatch(charset) or charset.replace("-", "_") in _NO_CHARSETS:
        return False
    try:
        b"a".decode(charset)
    except LookupError:
        return False
    except ValueError:  # half a character
        return True
    return True
