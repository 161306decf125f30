"""Records in every format that there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Final

from followup_rules.report.records import Checked, Record, as_data, loud

FORMS: Final = ("text", "json", "jsonl", "sarif", "junit", "github")


def print_records(records: Sequence[Record], form: str, out: IO[str], checked: Sequence[Checked] = ()) -> None:
    """Print records in one of `FORMS`. `checked` names every file that was looked at, so that silence is no doubt."""
    if form in ("json", "jsonl"):
        print_data(list(file_data(records, checked)), form, out)
    else:
        out.writelines(lines_of(_RECORDS[form](records, checked)))


def lines_of(texts: Iterable[str]) -> Iterator[str]:
    """Texts, each with the end of its line."""
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
