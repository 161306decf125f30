"""What `followup-rules plugins new` writes: a plugin with an adapter that passes the bronze contract as it is."""

from __future__ import annotations

from typing import Final

_PYPROJECT: Final = """\
[build-system]
requires = ["hatchling>=1.24"]
build-backend = "hatchling.build"

[project]
name = "followup-rules-@name@"
version = "0.1.0"
description = "followup-rules: the adapter @name@."
readme = "README.md"
requires-python = ">=3.10"
dependencies = ["followup-rules>=0.1"]

[project.entry-points.followup_rules]
@name@ = "@module@"

[tool.hatch.build.targets.wheel]
packages = ["src/@module@"]
"""

_README: Final = """\
# followup-rules-@name@

The adapter `@name@` for followup-rules.
It keeps each note as a file in a folder, until `carry_out` in `src/@module@/adapter.py` speaks to
the system that you mean.

    pip install -e . 'followup-rules[test]'
    python -m pytest
    followup-rules plugins

Then name it in `followup.yaml`:

    schema: followup-configuration/1
    adapters:
      @name@: {kind: @name@, settings: {folder: notes, token: "env:@VARIABLE@"}}
    routes:
      - {do: add_note, to: @name@}

## What is next

- Write `carry_out` for your system, and a small fake of that system for the tests.
- Write `find`: look for `order.id` there. With it, set `tier = "silver"`.
- Write `hostile_settings` in the tests. With it, set `tier = "gold"`.
- Write `test_connection`, so that `followup-rules plugins test @name@` says whether the settings work.
"""

_INIT: Final = '''\
"""A plugin of followup-rules: the adapter `@name@`."""

from __future__ import annotations

from collections.abc import Sequence

from followup_rules.adapter import Adapter
from followup_rules.hookspecs import hookimpl


@hookimpl
def followup_rules_adapters() -> Sequence[type[Adapter]]:
    """The one adapter of this distribution."""
    from @module@.adapter import @Class@

    return [@Class@]
'''

_ADAPTER: Final = '''\
"""The adapter `@name@`: each note is one file, named by the id of the action."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Order, Receipt, Secret
from followup_rules.errors import Misconfigured, Retriable


class @Class@(Adapter):
    """Put the other system in the place of the folder."""

    name = "@name@"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"note"})
    tier = "bronze"

    class Settings(AdapterSettings):
        """What the adapter must be told."""

        folder: Path
        token: Secret

    settings: Settings

    def carry_out(self, order: Order) -> Receipt:
        """Write the note, unless it is there."""
        file = self.settings.folder / f"{order.id}.txt"
        try:
            self.settings.folder.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8") as new:
                new.write(f"{order.application}: {order.title}\\n")
        except FileExistsError:
            if not file.is_file():
                raise Misconfigured(f"'{self.settings.folder}' is no folder") from None
            return Receipt(order.id, self.name, "already_done", file.name)
        except NotADirectoryError:
            raise Misconfigured(f"'{self.settings.folder}' is no folder") from None
        except OSError as error:
            raise Retriable(f"the note cannot be written now: {error.strerror}") from error
        return Receipt(order.id, self.name, "done", file.name)
'''

_TEST: Final = '''\
"""The adapter `@name@` keeps the promises of every adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from followup_rules.plugins import load_plugins
from followup_rules.testing.adapters import AdapterContract
from followup_rules.testing.installing import write_distribution
from @module@.adapter import @Class@


class Test@Class@(AdapterContract):
    """Inherited promises."""

    adapter = @Class@

    def settings(self, folder: Path) -> dict[str, Any]:
        return {"folder": folder / "notes", "token": "env:@VARIABLE@"}

    def records(self, folder: Path) -> Sequence[str]:
        return [file.read_text("utf-8") for file in sorted((folder / "notes").glob("*.txt"))]

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        (folder / "file").write_text("")
        return [{"folder": folder / "file", "token": "env:@VARIABLE@"}, {"folder": folder / "notes"}]


def test_the_host_finds_it(tmp_path: Path, monkeypatch: Any) -> None:
    """By its entry point."""
    write_distribution(tmp_path, "followup-rules-@name@", {"@name@": "@module@"})
    monkeypatch.syspath_prepend(tmp_path)
    assert load_plugins({"FOLLOWUP_RULES_PLUGINS": "@name@"}).adapter("@name@") is @Class@
'''

_CONFTEST: Final = '''\
"""The tests run without an installation too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
'''


def plugin_files(name: str) -> dict[str, str]:
    """The files of a plugin by path; `name` is in kebab-case."""
    module = f"followup_rules_{name.replace('-', '_')}"
    words = {
        "@name@": name,
        "@module@": module,
        "@Class@": f"{''.join(part.title() for part in name.split('-'))}Adapter",
        "@VARIABLE@": f"{name.replace('-', '_').upper()}_TOKEN",
    }
    files = {
        "pyproject.toml": _PYPROJECT,
        "README.md": _README,
        f"src/{module}/__init__.py": _INIT,
        f"src/{module}/adapter.py": _ADAPTER,
        f"src/{module}/py.typed": "",
        "tests/conftest.py": _CONFTEST,
        f"tests/test_{name.replace('-', '_')}.py": _TEST,
    }
    return {path: _filled(text, words) for path, text in files.items()}


def _filled(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
