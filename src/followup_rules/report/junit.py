"""JUnit's XML, which the test views of CI systems read.

The standard library writes it: six elements need no dependency, and junitparser reads them back in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.etree import ElementTree as Tree

from followup_rules.report.records import Checked, Record, loud

_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot carry, not even escaped."""


class TestCase(NamedTuple):
    """One line of a test view; without a failure it passed."""

    suite: str
    name: str
    line: int = 0
    failure: str = ""
    kind: str = ""
    details: str = ""
    seconds: float = 0.0


def of_records(records: Sequence[Record], checked: Sequence[Checked]) -> str:
    """A case for each record, a suite for each file; a file in which nothing was found is a case that passed."""
    cases = [case_of(one) for one in loud(records)]
    files = {case.suite for case in cases}
    passed = [TestCase(one.file, "no problem found") for one in checked if one.file not in files]
    return document([*cases, *passed])


def case_of(record: Record) -> TestCase:
    """A record as a case that failed."""
    name = f"{record.code} {record.title}".strip()
    details = f"{record}{f' [{record.rule}]' if record.rule else ''}"
    return TestCase(record.file, name, record.line, record.message, record.severity, details)


def document(cases: Iterable[TestCase]) -> str:
    """The XML of some cases, in suites in the order in which they come first."""
    suites: dict[str, list[TestCase]] = {}
    for case in cases:
        suites.setdefault(case.suite, []).append(case)
    root = Tree.Element("testsuites", name="followup-rules")
    for name, members in suites.items():
        failures = sum(bool(one.failure) for one in members)
        seconds = sum(one.seconds for one in members)
        suite = Tree.SubElement(
            root, "testsuite", name=_xml(name), tests=str(len(members)), failures=str(failures), errors="0",
            skipped="0", time=f"{seconds:.3f}",
        )  # fmt: skip
        for one in members:
            _add(suite, one)
    Tree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Tree.tostring(root, encoding="unicode")}\n'


def _add(suite: Tree.Element, case: TestCase) -> None:
    made = Tree.SubElement(
        suite, "testcase", classname=_xml(case.suite), name=_xml(case.name), time=f"{case.seconds:.3f}",
        file=_xml(case.suite),
    )  # fmt: skip
    if case.line:
        made.set("line", str(case.line))
    if case.failure:
        failure = Tree.SubElement(made, "failure", message=_xml(case.failure), type=_xml(case.kind))
        failure.text = _xml(case.details)


def _xml(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
