"""What a template may not do: call, loop inside a loop, or build text on text that it built itself.

With that, how long a draft can get grows no faster than the template times the application.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from followup_rules.errors import did_you_mean

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import SandboxedEnvironment

VALUES: Final = (
    "anchor", "attributes", "candidate", "contact", "direction", "follow_up", "job", "notes", "now", "recipient",
    "sender", "skills", "stage", "step", "steps",
)  # fmt: skip
"""The names that a template can use."""

_SEPARATOR: Final = 40


@lru_cache(maxsize=512)
def template_fault(
    source: str, values: tuple[str, ...] = VALUES, made: SandboxedEnvironment | None = None
) -> tuple[int, str] | None:
    """The line and the fault of a template that cannot be used; None where it can.

    Args:
        values: the names that it can use.
        made: the environment that it is for, where that is not the one of drafts.
    """
    from jinja2 import TemplateSyntaxError

    from followup_rules.judge.drafts import environment

    try:
        made = made or environment()
        tree = made.parse(source)
        fault = _in_tree(tree, values)
        if fault is None:
            # Unknown filters and tests show here; Python itself compiles a template when it is first used.
            made.compile(tree, raw=True)
    except TemplateSyntaxError as error:
        message = str(error.message)
        return error.lineno, f"{message[:1].lower()}{message[1:]}"
    return fault


def _in_tree(tree: nodes.Template, values: tuple[str, ...]) -> tuple[int, str] | None:
    from jinja2 import nodes

    forbidden = _forbidden()
    assigned = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    waiting: list[tuple[nodes.Node, bool]] = [(tree, False)]
    while waiting:
        node, in_loop = waiting.pop()
        if type(node) in forbidden:
            return node.lineno, forbidden[type(node)]
        if isinstance(node, nodes.For) and (in_loop or node.recursive):
            return node.lineno, "it has a loop inside a loop, which can run for ever"
        if isinstance(node, nodes.Assign) and any(name.name in assigned for name in node.node.find_all(nodes.Name)):
            return node.lineno, "it sets a name from a name that it sets itself, which can make endless text"
        if isinstance(node, nodes.Filter) and node.name == "join" and not _short(node.args):
            return node.lineno, "it joins with something other than a short text, which can make endless text"
        if isinstance(node, nodes.Name) and node.name not in (*values, *assigned, "loop"):
            mend = did_you_mean(node.name, values) or f"known are {', '.join(values)}"
            return node.lineno, f"there is no value '{node.name}'; {mend}"
        waiting += ((child, in_loop or isinstance(node, nodes.For)) for child in node.iter_child_nodes())
    return None


def _short(arguments: list[nodes.Expr]) -> bool:
    from jinja2 import nodes

    return all(isinstance(one, nodes.Const) and len(str(one.value)) <= _SEPARATOR for one in arguments)


def _forbidden() -> dict[type[nodes.Node], str]:
    from jinja2 import nodes

    return {
        nodes.Call: "it calls something; templates may only use values and filters",
        nodes.Macro: "it defines a macro",
        nodes.CallBlock: "it uses a call block",
        nodes.FilterBlock: "it uses a filter block",
        nodes.AssignBlock: "it sets a name to a block, which can make endless text",
        nodes.Include: "it includes another template",
        nodes.Extends: "it extends another template",
        nodes.Block: "it defines a block",
        nodes.Import: "it imports another template",
        nodes.FromImport: "it imports another template",
        nodes.Mul: "it multiplies, which can make endless text",
        nodes.Mod: "it uses %, which can make endless text",
        nodes.Pow: "it raises to a power, which can run for ever",
    }
