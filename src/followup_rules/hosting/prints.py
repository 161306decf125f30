"""What changes when rules do: the fingerprint of a policy, and the version of the files that it is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from followup_rules.policy import Policy


def fingerprint_of(policy: Policy) -> str:
    """The same for the same rules, templates and version of this package; 32 letters."""
    told = {
        "version": _version(),
        "rules": [[*rule.place, rule.kind, dict(rule.written) or repr(rule)] for rule in policy.rules],
        "templates": dict(policy.templates),
        "checks": {key: [type(one).__name__, one.code, repr(one.options)] for key, one in policy.checks.items()},
    }
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _version() -> str:
    try:
        return version("followup-rules")
    except PackageNotFoundError:
        return "unknown"


def version_of(rules: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
    """What changes when a rule file or a folder of rules does, so that a host that runs for months notices."""
    files = [file for name in rules for file in _files(Path(name))]
    return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file in files if (stat := file.stat()))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(one for one in path.rglob("*") if one.is_file())
    return [path] if path.is_file() else []
