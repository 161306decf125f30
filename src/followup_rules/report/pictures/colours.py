"""The colours of pictures, for light and dark, and the style sheet that is made of them."""

from __future__ import annotations

import re
from typing import Final, Literal

Theme = Literal["light", "dark", "auto"]

# Texts reach a contrast of 4.5 on the paper and on every shade; marks reach 3.
LIGHT: Final = {
    "paper": "#ffffff", "ink": "#1b2430", "muted": "#505a6b", "grid": "#dfe3ea", "frame": "#8b95a5",
    "quiet": "#eceff4", "weekend": "#d9dfe9", "holiday": "#f6e3bd", "hatch": "#d9b56a",
    "open": "#a9cdf5", "edge": "#2c6cb3", "gone": "#9aa3b1", "due": "#a34a00", "event": "#465468",
    "touch": "#6a2fbf", "now": "#b91c1c", "send": "#11703a", "wait": "#1b5ca5", "hold": "#7b3aa3",
    "revise": "#8f5300", "stop": "#55606f", "on": "#ffffff",
}  # fmt: skip
DARK: Final = {
    "paper": "#151a21", "ink": "#e7ebf1", "muted": "#aab4c3", "grid": "#2b333f", "frame": "#6d7787",
    "quiet": "#222b36", "weekend": "#344153", "holiday": "#43371c", "hatch": "#8a6d2f",
    "open": "#2a5788", "edge": "#86bbf5", "gone": "#7d8796", "due": "#f2ab52", "event": "#aab4c3",
    "touch": "#c9a8ff", "now": "#ff8080", "send": "#55cf89", "wait": "#84b9f5", "hold": "#d6a2f2",
    "revise": "#f0b45c", "stop": "#a5afbe", "on": "#10151b",
}  # fmt: skip

_RULES: Final = """\
.picture .paper{fill:var(--paper)}
.picture text{font-family:system-ui,"Segoe UI",Roboto,Arial,"DejaVu Sans",sans-serif;fill:var(--muted)}
.picture .ink,.picture .strong{fill:var(--ink)}
.picture text{stroke:var(--paper);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
.picture .chiptext{stroke:none}
.picture .strong{font-weight:600}
.picture text.now{fill:var(--now);font-weight:600}
.picture .chiptext{fill:var(--on);font-weight:600}
.picture .grid{stroke:var(--grid)}
.picture .leader{stroke:var(--frame);stroke-opacity:.6}
.picture .axis{stroke:var(--frame);stroke-width:2px}
.picture .frame{fill:none;stroke:var(--frame);stroke-opacity:.5}
.picture .quiet{fill:var(--quiet)}
.picture .weekend{fill:var(--weekend)}
.picture .holiday{fill:var(--holiday)}
.picture .hatch{stroke:var(--hatch)}
.picture .open{fill:var(--open);stroke:var(--edge)}
.picture .gone{fill:none;stroke:var(--gone);stroke-dasharray:3 3}
.picture .count{stroke:var(--edge);stroke-width:1.5px;stroke-dasharray:2 4}
.picture .anchor{fill:var(--paper);stroke:var(--edge);stroke-width:2px}
.picture .event{fill:var(--event)}
.picture .touch{fill:var(--touch)}
.picture .due{stroke:var(--due);stroke-width:3px}
.picture .nowline{stroke:var(--now);stroke-width:2px}
.picture .act{fill:var(--edge);stroke:var(--paper);stroke-width:1.5px}
.picture .send{fill:var(--send)}
.picture .late{fill:var(--now)}
.picture .wait{fill:var(--wait)}
.picture .hold{fill:var(--hold)}
.picture .revise{fill:var(--revise)}
.picture .stop{fill:var(--stop)}
"""


def variables(colours: dict[str, str]) -> str:
    """The colours as properties of a style sheet."""
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def sheet(root: str = ".picture") -> str:
    """The rules for browsers: light or dark as the reader likes, or as a class `light` or `dark` at the root says."""
    return (
        f"{root}{{{variables(LIGHT)}}}\n"
        f"@media (prefers-color-scheme:dark){{{root}:not(.light){{{variables(DARK)}}}}}\n"
        f"{root}.dark{{{variables(DARK)}}}\n{_RULES}"
    )


def fixed(theme: Literal["light", "dark"]) -> str:
    """The rules with the colours of one theme put in, for programs that know no properties."""
    colours = DARK if theme == "dark" else LIGHT
    return re.sub(r"var\(--(\w+)\)", lambda match: colours[match[1]], _RULES)
