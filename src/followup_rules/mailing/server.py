"""A mail server: where it is, how it is trusted, and what its failures mean."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator
from typing_extensions import Self

from followup_rules.adapter import AdapterSettings
from followup_rules.errors import AdapterError, Misconfigured, Retriable
from followup_rules.plugin_answers import printable

_LOOPBACK: Final = "localhost"
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,253}$")]


class MailServer(AdapterSettings):
    """How a server is reached. Nothing goes over a network unless it is encrypted and the certificate is right."""

    host: Host = Field(description="The server's name.")
    port: int | None = Field(default=None, ge=1, le=65535, description="Where it is not the usual one.")
    security: Literal["tls", "starttls"] = Field(default="tls", description="TLS from the start, or asked for.")
    insecure: bool = Field(default=False, description="No encryption at all; only on this machine itself.")
    ca_file: Path | None = Field(default=None, description="Who is trusted to sign its certificate, as a PEM file.")
    timeout: float = Field(default=30.0, gt=0, le=600, description="Seconds to wait for each answer.")

    @model_validator(mode="after")
    def _insecure_only_here(self) -> Self:
        if self.insecure and not is_loopback(self.host):
            raise ValueError("'insecure' is only for a server on this machine: localhost, 127.0.0.1 or ::1")
        return self

    def trust(self) -> ssl.SSLContext:
        """What certificates are checked against.

        Raises:
            Misconfigured: the file of authorities cannot be read.
        """
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as error:
            why = type(error).__name__
        raise Misconfigured(f"'ca_file' {str(self.ca_file)!a} is no readable file of certificates: {why}")


def is_loopback(host: str) -> bool:
    """True for a name or address that means this machine and no other."""
    if host.lower() == _LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def told(text: object, *secrets: str) -> str:
    """What a server has said, as one short line. Secrets that it repeats are taken out."""
    line = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    for secret in secrets:
        line = line.replace(secret, "***") if secret else line
    return printable(line)


def failure(error: OSError, where: str, *, maybe_done: bool) -> AdapterError:
    """What a broken connection means for the caller."""
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = "name who signed it in 'ca_file', or the host as the certificate has it"
        return Misconfigured(f"the certificate of {where} is not trusted: {printable(error.verify_message)}; {hint}")
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError) and not maybe_done:
        reason = printable(str(getattr(error, "reason", None) or "no TLS"))
        return Misconfigured(f"{where} does not speak TLS as 'security' and 'port' say: {reason}")
    if isinstance(error, socket.gaierror) and error.errno != socket.EAI_AGAIN:
        return Misconfigured(f"there is no host of the name in 'host': {where}")
    if isinstance(error, TimeoutError):
        return Retriable(f"{where} has not answered in time", maybe_done=maybe_done)
    why = printable(error.strerror or str(error) or type(error).__name__)
    return Retriable(f"the connection to {where} broke: {why}", maybe_done=maybe_done)
