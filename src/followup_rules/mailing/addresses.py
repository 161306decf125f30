"""Addresses and texts for headers: whatever comes in, one line without control characters goes out."""

from __future__ import annotations

import re
from email.headerregistry import Address
from typing import Final

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NAMED: Final = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<>"]*?))\s*<([^<>]*)>\s*', re.DOTALL)
_LONGEST_NAME: Final = 200


def one_line(text: str) -> str:
    """The text as a header may hold it: no line breaks, no control characters, no halves of characters.

    What looks encoded is taken apart, or readers would decode it, line breaks and all.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    line = "".join(mark for mark in " ".join(whole.split()) if mark == " " or mark.isprintable())
    return line.replace("=?", "= ?")


def address(text: str, name: str | None = None) -> Address:
    """An address as people write it: `ada@example.com`, or `Ada Novak <ada@example.com>`.

    Args:
        name: who it is, where the text itself does not say so.

    Raises:
        ValueError: it is none, or one that cannot be written to; says why.
    """
    if not text.isprintable():
        raise ValueError(f"{text[:80]!a} has control characters in it")
    named = _NAMED.fullmatch(text)
    if named is not None:
        name = re.sub(r"\\(.)", r"\1", named[1]) if named[1] is not None else named[2]
        text = named[3]
    local, at, domain = text.strip().rpartition("@")
    if not at or len(local) > 64 or _LOCAL.fullmatch(local) is None:
        why = "an address with other letters before the @ is not supported" if not text.isascii() else "no address"
        raise ValueError(f"{text[:80]!a} is {why}" if why == "no address" else f"{text[:80]!a}: {why}")
    shown = one_line(name or "")[:_LONGEST_NAME].strip()
    return Address(shown, local, _domain(domain))


def _domain(text: str) -> str:
    """The name of a host in ASCII, as servers know it."""
    try:
        domain = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    if len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        raise ValueError(f"{text[:80]!a} is no domain")
    return domain
