"""The form of `webhook` in a vendor file: how a delivery proves where it comes from, and what it says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from followup_rules.vendors.model_base import Evidence, Form


class FromHeader(Form):
    """A header; one that is not there is an empty text."""

    header: str


class FromJson(Form):
    """A value in the JSON of the body."""

    path: str = Field(alias="json")


class Literally(Form):
    """A text that is always the same."""

    text: str


Source = FromHeader | FromJson
Signed = Literal["body", "method", "uri"] | FromHeader | FromJson | Literally


class Signature(Form):
    """HMAC-SHA256 over some parts of the delivery, in their order."""

    type: Literal["signature"]
    found: Source
    prefix: str = ""
    separator: str = Field(default="", description="What stands between several signatures.")
    encoding: Literal["hex", "base64", "base64url", "base64_of_hex"]
    signs: tuple[Signed, ...] = ("body",)
    joined: str = ""
    key: Literal["text", "base64"] = "text"
    key_prefix: str = Field(default="", description="What stands before the key and is no part of it.")


class BasicProof(Form):
    """A user and a password in the header `Authorization`; it covers nothing."""

    type: Literal["basic"]
    user: str


class EchoProof(Form):
    """A secret word that comes back; it covers nothing."""

    type: Literal["echo"]
    found: Source


class Age(Form):
    """When the delivery was signed, and how old it may be."""

    found: Source
    unit: Literal["seconds", "milliseconds"] = "seconds"
    tolerance: int = Field(default=300, ge=1, description="Seconds.")


class Handshake(Form):
    """A first delivery that only wants to be answered; it is not signed and says nothing."""

    header: str = ""
    path: str = Field(default="", alias="json")
    equals: str | bool | None = None
    echo: bool = Field(default=False, description="The header is sent back.")


class Webhook(Form):
    """How a webhook is proved and read."""

    evidence: Evidence
    keys: tuple[str, ...] = Field(min_length=1, description="Settings that hold a key; any of them will do.")
    proof: Annotated[Signature | BasicProof | EchoProof, Field(discriminator="type")]
    age: Age | None = None
    handshake: Handshake | None = None
    items: str = Field(default="", description="A list in the body, each entry of which is a notice.")
    id: Source | None = Field(default=None, description="Tells one delivery from another; else a hash of the body.")
    kind: Source
    kinds: dict[str, str] = Field(default_factory=dict, description="Their words to ours; others stay as they are.")
    application: tuple[str, ...] = Field(default=(), description="Where the application may be named.")
    applies: tuple[str, ...] = Field(default=(), description="Kinds that name an application there; empty: all.")

    @model_validator(mode="after")
    def _has_keys(self) -> Self:
        if isinstance(self.proof, Signature) and not self.proof.signs:
            raise PydanticCustomError("FR922", "a signature signs something", {})
        return self
