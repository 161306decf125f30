"""The plugin of this distribution: the packs in `rules/`, the language's checks, the adapter `folder`, the vendors."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

from pydantic import Field

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Order, Receipt
from followup_rules.check import Check
from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.hookspecs import hookimpl
from followup_rules.model.decision import Draft
from followup_rules.quality.catalogue import CHECKS

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_]+")
_LONGEST_PART: Final = 40


@hookimpl
def followup_rules_packs() -> Mapping[str, Path]:
    """Every rule file in `rules/`, by its name."""
    return {file.stem: file for file in sorted(_rules().glob("*.yaml")) if not file.stem.endswith("_test")}


@hookimpl
def followup_rules_adapters() -> Sequence[type[Adapter]]:
    """The adapter that needs no other system, and one for each vendor file."""
    from followup_rules.vendors.catalogue import bundled_vendors

    return [FolderAdapter, *bundled_vendors()]


@hookimpl
def followup_rules_checks() -> Sequence[type[Check]]:
    """The checks of the language."""
    return list(CHECKS.values())


def _rules() -> Path:
    here = Path(__file__).resolve().parent
    installed = here / "_rules"
    folder = installed if installed.is_dir() else here.parents[1] / "rules"
    if not folder.is_dir():
        raise FileNotFoundError("the bundled rule packs are missing: this installation is damaged")
    return folder


class FolderAdapter(Adapter):
    """Writes each draft into a folder, one text file each, and never overwrites what a person changed."""

    name = "folder"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"draft"})
    tier = "silver"

    class Settings(AdapterSettings):
        """Where drafts go."""

        path: Path = Field(description="The folder for drafts; made when the first draft comes.")

    settings: Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        if settings.path.exists() and not settings.path.is_dir():
            raise Misconfigured(f"'{settings.path}' is no folder")

    def carry_out(self, order: Order) -> Receipt:
        """Write the draft, unless there is a file for this action."""
        if order.draft is None:
            raise Refused(f"the rule '{order.rule}' has no template, so there is no text to write")
        name, folder = file_name(order), self.settings.path
        try:
            folder.mkdir(parents=True, exist_ok=True)
            written = _write_new(folder / name, _text(order.draft))
        except (FileExistsError, NotADirectoryError, PermissionError) as error:
            raise Misconfigured(f"'{folder}' cannot be written to: {error.strerror}") from error
        except OSError as error:
            raise Retriable(f"'{folder}' cannot be written to now: {error.strerror}") from error
        return Receipt(order.id, self.name, "done" if written else "already_done", name)

    def find(self, order: Order) -> Receipt | None:
        """The file of the action."""
        name = file_name(order)
        try:
            there = os.path.lexists(self.settings.path / name)
        except OSError as error:
            raise Retriable(f"'{self.settings.path}' cannot be read now: {error.strerror}") from error
        return Receipt(order.id, self.name, "already_done", name) if there else None


def file_name(order: Order) -> str:
    """A safe name that people can read. Ids may hold anything: a hash of the action keeps them apart."""
    words = (_safe(part) for part in (order.application, order.rule, order.occasion))
    mark = hashlib.blake2b(order.id.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{'-'.join(word for word in words if word)}-{order.step}-{mark}.txt".lstrip("-")


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text)[:_LONGEST_PART].strip("-")


def _text(draft: Draft) -> str:
    """Two header lines, an empty line, the body. A line break inside a header would begin another one."""
    to = " ".join((draft.to or "").split())
    subject = " ".join(draft.subject.split())
    return f"To: {to}\nSubject: {subject}\n\n{draft.body}"


def _write_new(target: Path, text: str) -> bool:
    """Write a file as a whole or not at all; False where it is there already."""
    if os.path.lexists(target):
        return False
    handle, temporary = tempfile.mkstemp(prefix=".draft-", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        return _named(Path(temporary), target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _named(temporary: Path, target: Path) -> bool:
    """Give a finished file its name. A link fails where a rename would overwrite what came in between."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError:
        # Some file systems know no links.
        temporary.replace(target)
    return True
