"""What the headers of a mail say: the subject and the addresses, whatever they are encoded in."""

from __future__ import annotations

import re
from email.policy import default
from typing import Any, Final, NamedTuple

from followup_rules.load.charsets import decode

_LONGEST: Final = 10_000
_MOST: Final = 1_000
_ADDRESS: Final = re.compile(r"[^\s<>()\",;@]{1,100}@[^\s<>()\",;@]{1,200}")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_SURROGATES: Final = re.compile("[\ud800-\udfff]+")


class Address(NamedTuple):
    """Somebody's address, with the name that stands in front of it; either may be empty."""

    name: str
    email: str


def header_text(raw: str) -> str:
    """A header as one line, RFC 2047 words decoded. U+FFFD stands for what cannot be read."""
    return _clean(_parsed("subject", raw))


def addresses(raw: str) -> tuple[Address, ...]:
    """The addresses of a header, in its order."""
    header = _parsed("to", raw)
    try:
        pairs = [(one.display_name, one.addr_spec) for one in header.addresses]
    except Exception:  # the parser of the standard library breaks in many ways on what is no address
        pairs = [_simply(one) for one in re.split("[,;]", str(header))[:_MOST]]
    found = [_address(_clean(name), _clean(address).strip('<>" ')) for name, address in pairs[:_MOST]]
    return tuple(one for one in found if one.name or one.email)


def _address(name: str, address: str) -> Address:
    """A name alone, as drafts have it, is no address."""
    return Address(name, address) if "@" in address else Address(name or address, "")


def _simply(text: str) -> tuple[str, str]:
    """Name and address of one person, where the text is too odd for the standard library."""
    match = _ADDRESS.search(text)
    return (text[: match.start()].strip(' \t"<'), match.group()) if match else (text.strip(' \t"<>'), "")


def _parsed(name: str, raw: str) -> Any:
    """The header as the standard library reads it; as it stands where it breaks on it."""
    text = raw[:_LONGEST]
    if not text.isascii():  # bytes beyond ASCII came as surrogates
        text = decode(text.encode("utf-8", "surrogateescape")).text
    text = " ".join(text.split())
    try:
        return default.header_factory(name, text)
    except Exception:  # as above
        return text


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub(" ", _SURROGATES.sub("\ufffd", str(text))).strip()
