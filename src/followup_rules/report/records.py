"""Everything that is said about files, in one form: what the printers of every format are given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from followup_rules.codes import CODES
from followup_rules.errors import Place, Problem
from followup_rules.rules.suppressions import UNUSABLE

if TYPE_CHECKING:
    from followup_rules.load.messages import MessageFile
    from followup_rules.model.decision import Finding

Severity = Literal["error", "warning", "suggestion"]
SEVERITIES: Final = ("error", "warning", "suggestion")
"""The gravest first."""

_KEPT_BACK: Final[dict[Literal["ignore", "baseline"], str]] = {"ignore": "silenced", "baseline": "in the baseline"}


class Silence(NamedTuple):
    """Why a record is kept back: by an `ignore` in the rule file, or by the baseline."""

    kind: Literal["ignore", "baseline"]
    reason: str = ""


class Record(NamedTuple):
    """One fault in a file, wherever it was found. Lines and columns count from 1, and 0 is unknown.

    `title` is what the code means, `rule` the id of the rule that it is about or that asked, `excerpt` what stands at
    the place. One with a `silence` is kept back: it counts for nothing and only some formats show it.
    """

    code: str
    severity: str
    message: str
    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    hint: str = ""
    rule: str = ""
    title: str = ""
    excerpt: str = ""
    silence: Silence | None = None

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.file, self.line, self.column)

    @property
    def unusable(self) -> bool:
        """True where it keeps the input from being used at all: this can be neither silenced nor left out."""
        return self.severity == "error" and self.code.startswith(UNUSABLE)

    def __str__(self) -> str:
        return str(Problem(self.code, self.message, self.place, self.hint))


class Checked(NamedTuple):
    """One file that was looked at; `pack` is empty for a draft."""

    file: str
    pack: str = ""
    rules: int = 0


def of_problem(problem: Problem, rule: str = "") -> Record:
    """The record of a problem in a file."""
    place = problem.place
    return Record(
        problem.code, problem.severity, problem.message, place.file, place.line, place.column,
        hint=problem.hint, rule=rule, title=CODES.get(problem.code, ""),
    )  # fmt: skip


def of_finding(finding: Finding, draft: MessageFile) -> Record:
    """The record of a finding on a draft; its places are those of the file."""
    start, end = draft.place(finding.part, finding.start), draft.place(finding.part, finding.end)
    known = finding.line is not None
    return Record(
        finding.code, finding.severity, finding.message, draft.shown,
        start.line if known else 0, start.column if known else 0,
        end.line if known else 0, end.column if known else 0,
        finding.hint, finding.rule.id if finding.rule is not None else "", CODES.get(finding.code, ""),
        finding.excerpt,
    )  # fmt: skip


def as_data(record: Record) -> dict[str, Any]:
    """A record as plain data; what is not known is left out."""
    told = {key: value for key, value in record._asdict().items() if value and key != "silence"}
    if record.silence is not None:
        told["silenced_by"] = record.silence.kind
        told |= {"reason": record.silence.reason} if record.silence.reason else {}
    return told


def as_grave(severity: str, least: str) -> bool:
    """True where a severity is at least as grave as another."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)


def counted(records: Sequence[Record]) -> str:
    """How many of each severity; errors and warnings always, as in '0 errors, 1 warning'."""
    counts = Counter(record.severity for record in loud(records))
    told = [count_of(counts[one], one) for one in SEVERITIES if counts[one] or one != "suggestion"]
    return ", ".join([*told, *kept_back(records)])


def kept_back(records: Iterable[Record]) -> list[str]:
    """How many are kept back, and by what."""
    counts = Counter(record.silence.kind for record in records if record.silence is not None)
    return [f"{counts[kind]} {word}" for kind, word in _KEPT_BACK.items() if counts[kind]]


def count_of(number: int, word: str) -> str:
    """A number with its word: '1 pack', '2 packs'."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def loud(records: Sequence[Record]) -> list[Record]:
    """Those that are not kept back."""
    return [record for record in records if record.silence is None]
