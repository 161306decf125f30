"""A plan as one HTML file that needs nothing else: what is to be done, and why, with a picture of each application."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from followup_rules.model.application import Application
from followup_rules.model.decision import Decision
from followup_rules.report.explain import missing
from followup_rules.report.pictures.colours import sheet
from followup_rules.report.table import Row, row
from followup_rules.report.views import GROUPS, View, group_of, view_of
from followup_rules.report.words import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

MOST: Final = 500
"""So many applications are shown with a picture; the tables name all."""

TEMPLATES: Final = Path(__file__).parent / "templates"


class Paper:
    """Collects decisions, and writes the file when all are known."""

    def __init__(self, now: datetime, most: int = MOST) -> None:
        self._now, self._most = now, most
        self._rows: dict[str, list[tuple[Row, str, str]]] = {name: [] for name in GROUPS}
        self._open: list[View] = []
        self._over: list[View] = []
        self.applications = self.refused = 0

    def add(self, application: Application, decisions: Sequence[Decision]) -> None:
        """Put one application in. Those about which nothing can be done any more give way to the others."""
        self.applications += 1
        views = self._open if any(one.decision != "stop" for one in decisions) else self._over
        drawn = len(views) < self._most
        key = f"a{self.applications}"
        if drawn:
            views.append(view_of(application, decisions, self._now, key))
        for one in decisions:
            told = row(application, one, self._now)
            self._rows[group_of(one)].append((told, key if drawn else "", missing(one)))

    def write(self, out: IO[str]) -> None:
        """Write the whole file."""
        views = [*self._open, *self._over][: self._most]
        shown = {view.key for view in views}
        groups = [
            (name, title, [(one, key if key in shown else "", lack) for one, key, lack in self._sorted(name)])
            for name, title in GROUPS.items()
            if self._rows[name]
        ]
        template = environment().get_template("paper.html.j2")
        out.writelines(
            template.generate(
                groups=groups, views=views, now=moment(self._now), applications=self.applications,
                refused=self.refused, left_out=self.applications - len(views), style=style(),
            )
        )  # fmt: skip

    def _sorted(self, name: str) -> list[tuple[Row, str, str]]:
        return sorted(self._rows[name], key=lambda one: one[0].order)


def style() -> str:
    """The style sheet of pages with applications: colours, pictures, and everything else."""
    return sheet(":root") + (TEMPLATES / "base.css").read_text("utf-8")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of this folder; every text is escaped, and what is missing is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
