"""Whether the settings of an adapter work in the other system: one harmless question, and one line about the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followup_rules.adapter import Adapter
from followup_rules.delivering.scrub import kind_of, line_of, scrubbed
from followup_rules.errors import Misconfigured, Place, Problem, Refused, Retriable, Unsupported
from followup_rules.load.configuration import Read
from followup_rules.plugin_answers import printable

if TYPE_CHECKING:
    from followup_rules.plugins import Plugins


def connected(read: Read, name: str, plugins: Plugins) -> str | Problem:
    """What the other system says about an adapter of the configuration, or what is wrong and how to go on."""
    given = read.configuration.adapters[name]
    place = read.place("adapters", name, key=True)
    try:
        adapter = plugins.adapter(given.kind).configured(given.settings)
    except Misconfigured as error:
        return Problem("FR908", f"{error}", place, "mend the settings")
    try:
        said = printable(scrubbed(str(adapter.test_connection()), adapter))
    except Unsupported:
        said = "the settings can be used; there is nothing to ask"
    except Exception as error:
        return _problem(name, adapter, error, place)
    return f"{name} ({given.kind}): {said}"


def _problem(name: str, adapter: Adapter, error: Exception, place: Place) -> Problem:
    known = isinstance(error, Retriable | Misconfigured | Refused)
    said = line_of(error, adapter) if known else kind_of(error, adapter)
    if isinstance(error, Retriable):
        wait = f"in {error.after:.0f} seconds" if error.after else "later"
        hint = f"look at the address and the network, and try again {wait}"
    elif isinstance(error, Misconfigured):
        hint = "mend the settings, or what they may do in the other system"
    else:
        hint = "tell whoever wrote the adapter" if not known else "the other system has said why"
    return Problem("FR946", f"the connection of '{name}' does not work: {said}", place, hint)
