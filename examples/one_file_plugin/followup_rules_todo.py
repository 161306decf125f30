"""A plugin of one file: the adapter `todo`, which puts tasks into a plain text file, one a line.

pip install ./examples/one_file_plugin
followup-rules plugins
"""

from collections.abc import Sequence
from pathlib import Path

from followup_rules import hookimpl
from followup_rules.adapter import Adapter, AdapterSettings, Order, Receipt


class Todo(Adapter):
    """Each task is a line that ends in its action id, by which it is found again."""

    name = "todo"
    capabilities = frozenset({"task"})

    class Settings(AdapterSettings):
        """Which file."""

        path: Path

    settings: Settings

    def carry_out(self, order: Order) -> Receipt:
        """Append the task, unless its line is there."""
        file = self.settings.path
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        if any(line.endswith(order.id) for line in lines):
            return Receipt(order.id, self.name, "already_done")
        with file.open("a", encoding="utf-8") as out:
            out.write(f"[ ] {order.application}: {order.title} {order.id}\n")
        return Receipt(order.id, self.name, "done")


@hookimpl
def followup_rules_adapters() -> Sequence[type[Adapter]]:
    """The one adapter of this file."""
    return [Todo]
