"""The settings that a vendor file asks for, as a model."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, create_model
from pydantic_core import PydanticCustomError

from followup_rules.adapter import AdapterSettings, Secret
from followup_rules.vendors.model import Setting, Vendor

_TIMEOUT: Final = Field(default=30.0, gt=0, le=300, description="Seconds to wait for the vendor.")


def safe_address(text: str) -> str | None:
    """Why secrets may not be sent to an address; None where they may: https, or this very machine."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is no address"
    if parts.scheme not in ("https", "http") or not host or not text.isascii() or not text.isprintable() or " " in text:
        return "it is no address that begins with https://"
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        return "it may hold no user, password, query or fragment"
    if parts.scheme == "http" and not _this_machine(host):
        return "http:// is for this machine only; write https://"
    return None


def settings_model(vendor: Vendor) -> type[AdapterSettings]:
    """The model of the settings of a vendor; every adapter of this sort has a timeout beside its own."""
    fields: dict[str, Any] = {name: _field(one) for name, one in vendor.settings.items()}
    title = "".join(part.title() for part in vendor.vendor.split("-"))
    made: type[AdapterSettings] = create_model(
        f"{title}Settings", __base__=AdapterSettings, __doc__=f"Settings of {vendor.title}.",
        timeout=(float, _TIMEOUT), **fields,
    )  # fmt: skip
    return made


def plain(settings: AdapterSettings) -> dict[str, Any]:
    """The settings that are no secrets, as templates see them; flags are 'true' and 'false'."""
    found = ((name, getattr(settings, name)) for name in type(settings).model_fields)
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in found
        if not isinstance(value, SecretStr) and value not in (None, "")
    }


def secrets(settings: AdapterSettings) -> dict[str, str]:
    """The secrets, by name."""
    found = ((name, getattr(settings, name)) for name in type(settings).model_fields)
    return {name: value.get_secret_value() for name, value in found if isinstance(value, SecretStr)}


def hidden(settings: Mapping[str, str]) -> dict[str, str]:
    """The secrets as a person may see them."""
    return dict.fromkeys(settings, "***")


def _field(one: Setting) -> tuple[Any, Any]:
    kinds: dict[str, Any] = {
        "text": Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_one_line)],
        "id": Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,100}$")],
        "url": Annotated[str, AfterValidator(address)],
        "secret": Secret,
        "flag": bool,
        "texts": tuple[str, ...],
        "choice": Literal[one.choices] if one.choices else str,
    }
    kind = kinds[one.kind]
    if one.kind == "texts":
        return kind, Field(default=(), description=one.about)
    if one.default is not None:
        return kind, Field(default=one.default, description=one.about, validate_default=True)
    if one.optional:
        return kind | None, Field(default=None, description=one.about)
    return kind, Field(description=one.about)


def address(text: str) -> str:
    """An address that secrets may be sent to, without a slash at its end; a fault of a setting where it is none."""
    fault = safe_address(text)
    if fault is not None:
        raise PydanticCustomError("address", "{fault}", {"fault": fault})
    return text.rstrip("/")


def _one_line(text: str) -> str:
    if not text or not text.isprintable():
        raise PydanticCustomError("text", "it is empty or holds control characters", {})
    return text


def _this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
