"""How tests came out, in every format that there is: cases, problems of their files, and what was not reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple

from followup_rules.codes import CODES
from followup_rules.errors import Place
from followup_rules.report.output import lines_of, print_data, print_records
from followup_rules.report.records import Checked, Record, as_data, loud


class Case(NamedTuple):
    """How one example or scenario came out; no differences means that it passed."""

    id: str
    title: str
    place: Place
    differences: tuple[str, ...] = ()
    passed: bool = True
    seconds: float = 0.0
    code: str = "FR401"


def print_cases(
    cases: Sequence[Case],
    form: str,
    out: IO[str],
    verbose: bool = False,
    problems: Sequence[Record] = (),
    figures: Mapping[str, Any] | None = None,
) -> None:
    """Print how tests came out, in one of `FORMS`.

    Args:
        verbose: name those that passed, too, in `text`; the other formats always do.
        problems: what is wrong with the files, and that nothing was tested or too little reached. Not in `text`.
        figures: what was counted, such as the coverage, as plain data, for `json` and `jsonl`.
    """
    if form == "text":
        out.writelines(lines_of(text_of_cases(cases, verbose)))
    elif form in ("json", "jsonl"):
        data = [*map(_data_of, cases), *map(as_data, problems)]
        print_data([*data, *({name: figure} for name, figure in (figures or {}).items())], form, out)
    elif form == "junit":
        out.writelines(_junit(cases, problems))
    else:
        print_records([*_failed(cases), *problems], form, out, _files(cases))


def text_of_cases(cases: Iterable[Case], verbose: bool) -> Iterator[str]:
    """What failed, and how many passed and failed, for people."""
    passed = failed = 0
    for case in cases:
        passed, failed = passed + case.passed, failed + (not case.passed)
        if not case.passed:
            yield f"{case.place}: {case.code} {case.title}"
            yield from (f"    {line}" for line in case.differences)
        elif verbose:
            yield f"{case.place}: passed: {case.title}"
    if passed or failed:
        yield f"{passed} passed, {failed} failed"


def _failed(cases: Sequence[Case]) -> list[Record]:
    return [
        Record(
            case.code, "error", f"{case.title}: {_joined(case.differences)}", case.place.file,
            case.place.line, case.place.column, title=CODES.get(case.code, ""),
        )
        for case in cases if not case.passed
    ]  # fmt: skip


def _joined(lines: Sequence[str]) -> str:
    """Differences in one line; a head such as 'at +1 day:' goes with what follows."""
    return "; ".join(line.strip() for line in lines).replace(":; ", ": ")


def _files(cases: Sequence[Case]) -> list[Checked]:
    return [Checked(file) for file in dict.fromkeys(case.place.file for case in cases)]


def _data_of(case: Case) -> dict[str, Any]:
    told = {"id": case.id, "title": case.title, "file": case.place.file, "line": case.place.line}
    told |= {"column": case.place.column, "passed": case.passed}
    return told if case.passed else told | {"code": case.code, "differences": list(case.differences)}


def _junit(cases: Sequence[Case], problems: Sequence[Record]) -> Iterator[str]:
    from followup_rules.report.junit import TestCase, case_of, document

    told = [
        TestCase(
            case.place.file, case.title, case.place.line, "" if case.passed else case.differences[0], case.code,
            "\n".join((str(case.place), *case.differences)), case.seconds,
        )
        for case in cases
    ]  # fmt: skip
    yield document([*told, *map(case_of, loud(problems))])
