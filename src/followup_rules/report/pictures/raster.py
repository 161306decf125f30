"""A picture as PNG, drawn by resvg."""

from __future__ import annotations

from typing import Literal

from followup_rules.errors import Misconfigured
from followup_rules.report.pictures.drawing import WIDE, standalone
from followup_rules.report.pictures.scene import Scene


def png(scene: Scene, width: int = WIDE, theme: Literal["light", "dark"] = "light") -> bytes:
    """The picture as PNG, twice as fine as its width says, with the fonts of the machine.

    Raises:
        Misconfigured: resvg is not installed.
    """
    try:
        import resvg_py
    except ImportError as error:
        text = "a PNG needs resvg, which is not installed: pip install 'followup-rules[pictures]'; --svg needs nothing"
        raise Misconfigured(text) from error
    made = resvg_py.svg_to_bytes(svg_string=standalone(scene, width, theme), zoom=2, sans_serif_family="DejaVu Sans")
    return bytes(made)
