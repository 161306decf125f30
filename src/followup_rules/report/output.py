"""Records and tests in every format that there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Final, NamedTuple

from followup_rules.codes import CODES
from followup_rules.errors import Place
from followup_rules.report.records import Checked, Record, as_data, loud

FORMS: Final = ("text", "json", "jsonl", "sarif", "junit", "github")


def print_records(records: Sequence[Record], form: str, out: IO[str], checked: Sequence[Checked] = ()) -> None:
    """Print records in one of `FORMS`. `checked` names every file that was looked at, so that silence is no doubt."""
    if form in ("json", "jsonl"):
        print_data(list(file_data(records, checked)), form, out)
    else:
        out.writelines(_lines(_RECORDS[form](records, checked)))


class Case(NamedTuple):
    """How one example or scenario came out; no differences means that it passed."""

    id: str
    title: str
    place: Place
    differences: tuple[str, ...] = ()
    passed: bool = True
    seconds: float = 0.0
    code: str = "FR401"


def print_cases(cases: Sequence[Case], form: str, out: IO[str], verbose: bool = False) -> None:
    """Print how tests came out, in one of `FORMS`; in `text`, those that passed only where `verbose`."""
    if form in ("json", "jsonl"):
        print_data([_data_of(case) for case in cases], form, out)
    elif form == "text":
        out.writelines(_lines(_text_of_cases(cases, verbose)))
    elif form == "junit":
        out.writelines(_junit_of_cases(cases))
    else:
        out.writelines(_lines(_RECORDS[form](_failed(cases), _files(cases))))


def _lines(texts: Iterable[str]) -> Iterator[str]:
    return (text if text.endswith("\n") else f"{text}\n" for text in texts)


def file_data(records: Sequence[Record], checked: Sequence[Checked]) -> Iterator[dict[str, Any]]:
    """One object a file, with what was found in it."""
    packs = {one.file: one for one in checked}
    for file in dict.fromkeys([*packs, *(record.file for record in records)]):
        one = packs.get(file)
        known = {"pack": one.pack, "rules": one.rules} if one is not None and one.pack else {}
        findings = [as_data(record) for record in records if record.file == file]
        yield {"file": file, **known, "findings": findings}


def _text(records: Sequence[Record], _checked: Sequence[Checked]) -> Iterator[str]:
    yield from map(str, loud(records))


def print_data(data: Sequence[dict[str, Any]], form: str, out: IO[str]) -> None:
    """Print plain data: as one array for `json`, as one object a line for `jsonl`."""
    if form == "json":
        out.write(f"{json.dumps(data, ensure_ascii=False, indent=2)}\n")
    else:
        out.writelines(f"{json.dumps(one, ensure_ascii=False)}\n" for one in data)


def _sarif(records: Sequence[Record], checked: Sequence[Checked]) -> Iterator[str]:
    from followup_rules.report.sarif import log

    yield json.dumps(log(records, checked), ensure_ascii=False, indent=2)


def _junit(records: Sequence[Record], checked: Sequence[Checked]) -> Iterator[str]:
    from followup_rules.report.junit import of_records

    yield of_records(records, checked)


def _github(records: Sequence[Record], _checked: Sequence[Checked]) -> Iterator[str]:
    from followup_rules.report.github import lines

    yield from lines(records)


_Printer = Callable[[Sequence[Record], Sequence[Checked]], Iterator[str]]
_RECORDS: Final[dict[str, _Printer]] = {
    "text": _text, "sarif": _sarif, "junit": _junit, "github": _github,
}  # fmt: skip


def _failed(cases: Sequence[Case]) -> list[Record]:
    return [
        Record(
            case.code, "error", f"{case.title}: {'; '.join(case.differences)}", case.place.file, case.place.line,
            case.place.column, title=CODES.get(case.code, ""),
        )
        for case in cases if not case.passed
    ]  # fmt: skip


def _files(cases: Sequence[Case]) -> list[Checked]:
    return [Checked(file) for file in dict.fromkeys(case.place.file for case in cases)]


def _text_of_cases(cases: Sequence[Case], verbose: bool) -> Iterator[str]:
    for case in cases:
        if not case.passed:
            yield f"{case.place}: {case.code} {case.title}"
            yield from (f"    {line}" for line in case.differences)
        elif verbose:
            yield f"{case.place}: passed: {case.title}"
    passed = sum(case.passed for case in cases)
    yield f"{passed} passed, {len(cases) - passed} failed"


def _data_of(case: Case) -> dict[str, Any]:
    told = {"id": case.id, "title": case.title, "file": case.place.file, "line": case.place.line}
    told |= {"column": case.place.column, "passed": case.passed}
    return told if case.passed else told | {"code": case.code, "differences": list(case.differences)}


def _junit_of_cases(cases: Sequence[Case]) -> Iterator[str]:
    from followup_rules.report.junit import TestCase, document

    yield document(
        TestCase(
            case.place.file, case.title, case.place.line, "" if case.passed else case.differences[0], case.code,
            "\n".join((str(case.place), *case.differences)), case.seconds,
        )
        for case in cases
    )  # fmt: skip
