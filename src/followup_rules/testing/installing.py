"""Plugins in tests: a distribution that the host finds, without installing anything."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Mapping
from pathlib import Path

from followup_rules.hookspecs import GROUP


def write_distribution(folder: Path, name: str, entry_points: Mapping[str, str], *, version: str = "0.0.1") -> Path:
    """Write the metadata of a distribution; with its folder on `sys.path` it counts as installed.

    Args:
        entry_points: by name, the module of each plugin.
    """
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = [f"{entry} = {module}" for entry, module in entry_points.items()]
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]), "utf-8")
    # A folder that was looked into a moment ago is remembered as it was then.
    importlib.invalidate_caches()
    importlib.metadata.MetadataPathFinder().invalidate_caches()  # Python before 3.12 leaves these out above
    return info
