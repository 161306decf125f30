"""From where a request comes: its own address, or what a trusted proxy says of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.requests import HTTPConnection

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_LONGEST: Final = 2000
_UNKNOWN: Final = "unknown"


class Origins:
    """The addresses of proxies that are trusted.

    Raises:
        ValueError: one is no address and no network.
    """

    def __init__(self, proxies: Iterable[str] = ()) -> None:
        self._networks = tuple(ipaddress.ip_network(one, strict=False) for one in proxies)

    def trusts(self, peer: str | None) -> bool:
        """True where the word of this address counts."""
        address = _address(peer or "")
        return address is not None and any(address in network for network in self._networks)

    def asks(self, request: HTTPConnection) -> str:
        """A word for who asks."""
        return self.of(peer_of(request), request.headers.getlist("x-forwarded-for"))

    def of(self, peer: str | None, forwarded: Sequence[str]) -> str:
        """The same of the parts. Each proxy adds to `X-Forwarded-For` from whom it came: the last that is none of ours.

        A network of IPv6 (/64) is one: whoever has one of its addresses has them all.
        """
        found = peer or _UNKNOWN
        hops = ",".join(forwarded)[-_LONGEST:].split(",")
        while self.trusts(found) and hops:
            address = _address(_without_port(hops.pop().strip()))
            if address is None:
                break
            found = str(address)
        return _network_of(found)


def peer_of(request: HTTPConnection) -> str | None:
    """The address at the other end of the line."""
    return request.client.host if request.client is not None else None


def _address(text: str) -> _Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _network_of(text: str) -> str:
    address = _address(text)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return text if address is None else str(address)
