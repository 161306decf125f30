"""Vendor files: what is wrong in one is told with its place, and what stands in the bundled ones is true."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_rules.errors import InvalidInput, Misconfigured
from followup_rules.load.yaml import parse
from followup_rules.report.schema import schema
from followup_rules.vendors.catalogue import FILES
from followup_rules.vendors.reading import read_vendor
from followup_rules.vendors.settings import safe_address
from followup_rules.vendors.templates import TemplateValueError, built, rendered, values_of
from test_vendors import VENDORS, settings_for

ROOT = Path(__file__).parents[1]
GOOD = """schema: followup-vendor/1
vendor: acme
title: Acme
settings:
  url: {about: "The address.", kind: url}
  token: {about: "The token.", kind: secret}
base: "{{ settings.url }}"
auth: {type: bearer, token: "{{ secrets.token }}"}
actions:
  add_note:
    evidence: V the documentation
    request: {method: POST, path: "/notes/{{ candidate.id }}", json: {text: "{{ note }}"}}
    recognised: none
"""

CHANGES = [
    ("FR920", "title: Acme\n", ""),
    ("FR920", "    recognised: none\n", ""),
    ("FR921", "title: Acme", "title: Acme\nlimit: {}"),
    ("FR921", "recognised: none", "recognised: none\n    serch: {}"),
    ("FR922", "followup-vendor/1", "followup-vendor/2"),
    ("FR922", "vendor: acme", "vendor: Acme Inc"),
    ("FR922", "recognised: none", "recognised: search"),
    ("FR922", "type: bearer", "type: beer"),
    ("FR922", "add_note", "add_nodes"),
    ("FR922", "evidence: V", "evidence: perhaps"),
    ("FR923", "{{ note }}", "{{ note() }}"),
    ("FR923", "{{ note }}", "{{ note.__class__ }} {{ nothing }}"),
    ("FR923", "{{ note }}", "{{ note"),
    ("FR923", "{{ note }}", "{{ note | safe }}"),
    ("FR923", 'json: {text: "{{ note }}"}', 'json: {text: {$int: "{{ note }}"}}'),
    ("FR924", "settings.url", "settings.adress"),
    ("FR924", "secrets.token", "settings.token"),
    ("FR924", "{{ note }}", "{{ secrets.token }}"),
]


@pytest.mark.parametrize(("code", "old", "new"), CHANGES)
def test_a_fault_is_told_with_its_place(tmp_path: Path, code: str, old: str, new: str) -> None:
    """Every code, with the line; the file without the fault has none."""
    file = tmp_path / "acme.yaml"
    file.write_text(GOOD)
    assert read_vendor(file, "acme.yaml").vendor == "acme"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new))
    with pytest.raises(InvalidInput) as raised:
        read_vendor(file, "acme.yaml")
    found = [(one.code, one.place.file, one.place.line > 0) for one in raised.value.problems]
    assert (code, "acme.yaml", True) in found, raised.value


@pytest.mark.parametrize(
    "attack",
    [
        "{{ note.__class__ }}", "{{ note|attr('__class__') }}", "{{ ''.__class__.__mro__ }}", "{{ note['__class__'] }}",
        "{{ cycler.__init__.__globals__.os }}", "{{ lipsum.__globals__ }}", "{{ self }}", "{{ config }}",
        "{% include '/etc/passwd' %}", "{% import 'os' as os %}", "{% extends '/etc/passwd' %}",
        "{% from '/etc/passwd' import x %}", "{% for x in range(10**9) %}x{% endfor %}",
        "{{ '%s'|format(note) }}", "{{ note.format(note) }}", "{{ joiner() }}", "{{ namespace() }}",
        "{{ note|map(attribute='__class__')|list }}", "{{ order.id.__init__ }}", "{{ settings.url.__doc__ }}",
    ],
)  # fmt: skip
def test_templates_reach_neither_attributes_nor_files(tmp_path: Path, attack: str) -> None:
    """Such a file is refused when it is read, with the place; else the request is, when it would be made."""
    file = tmp_path / "acme.yaml"
    file.write_text(GOOD.replace('"{{ note }}"', json.dumps(attack)))
    try:
        read_vendor(file, "acme.yaml")
    except InvalidInput as error:
        assert error.problems[0].code in ("FR923", "FR924") and error.problems[0].place.line
        return
    known = {"note": "text", "order": {"id": "a-1"}, "settings": {"url": "https://x.example"}}
    with pytest.raises(TemplateValueError):
        rendered(attack, values_of(known))


def test_check_reads_vendor_files(write: Callable[[str, str], str], run: Any) -> None:
    """By their head; beside rule files, in every format."""
    assert run("check", write("good.yaml", GOOD)).status == 0
    bad = write("bad.yaml", GOOD.replace("{{ note }}", "{{ nota }}"))
    found = run("check", bad, "--format", "json")
    assert found.status == 1 or found.status == 2
    assert "FR923" in found.out


SCHEMA = jsonschema.Draft202012Validator(schema("vendors"))


@pytest.mark.parametrize("file", sorted(FILES.glob("*.yaml")), ids=lambda file: file.stem)
def test_bundled_files_fit_the_schema(file: Path) -> None:
    """What the engine takes, an editor takes; what it does not, neither."""
    data = parse(file.read_text("utf-8"), file.name).data
    assert [error.message for error in SCHEMA.iter_errors(data)] == []
    assert list(SCHEMA.iter_errors({**data, "actoins": {}}))


@pytest.mark.parametrize("name", VENDORS)
def test_every_vendor_has_a_page(name: str) -> None:
    """With every setting, action and capability, how actions are recognised, limits, and what it cannot do."""
    text = (ROOT / "docs" / "adapters" / f"{name}.md").read_text("utf-8")
    vendor = VENDORS[name].vendor
    assert text.startswith(f"# {name}: {vendor.title}\n")
    words = [*vendor.settings, "timeout", *vendor.actions]
    words += [one for one in ("read_applications", "read_interviews", "webhook") if one in vendor.capabilities]
    assert [word for word in words if f"| `{word}` |" not in text] == []
    for heading in ("Capabilities", "Settings", "How an action is recognised again", "Limits", "What it cannot do"):
        assert f"\n## {heading}\n" in text
    assert f"]({name}.md)" in (ROOT / "docs" / "adapters" / "README.md").read_text("utf-8")
    for action in vendor.actions.values():
        assert action.evidence in text


def test_listing_adapters_reads_no_vendor_file() -> None:
    """Nor does it import the library for HTTP: the command line starts as fast as without them."""
    code = (
        "import sys; from followup_rules.plugins import load_plugins\n"
        "p = load_plugins({'FOLLOWUP_RULES_PLUGINS': 'off'})\n"
        "from followup_rules.vendors import catalogue\n"
        "print(len(p.adapters), catalogue._made.cache_info().currsize, 'httpx' in sys.modules, 'jinja2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(VENDORS) + 1), "0", "False", "False"]


def test_without_httpx_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback of an import."""
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "httpx" else find(name))
    monkeypatch.setenv("VENDOR_TOKEN", "x" * 9)
    with pytest.raises(Misconfigured, match=r"pip install 'followup-rules\[http\]'"):
        VENDORS["hubspot"].configured({"token": "env:VENDOR_TOKEN"})
    assert settings_for("hubspot", "https://x.example")


# --- Templates ----------------------------------------------------------------------------------------------

TEXTS = st.text(min_size=1, max_size=60)


@given(TEXTS)
def test_a_value_is_one_part_of_a_path(text: str) -> None:
    """Whatever an id is, it is quoted, or refused where it means another place."""
    values = values_of({"candidate": {"id": text}})
    try:
        path = rendered("/a/{{ candidate.id }}/b", values, path=True)
    except (TemplateValueError, UnicodeEncodeError):
        return
    assert path.count("/") == 3 and path.isascii() and path.isprintable()
    assert not set("?#&= \\") & set(path) and "/../" not in path and "/./" not in path


@given(TEXTS)
def test_a_value_is_one_text_of_a_body(text: str) -> None:
    """The JSON that is built has the same form whatever stands in it."""
    body = built({"a": "{{ note }}", "b": [{"c": "x {{ note }}"}]}, values_of({"note": text}))
    assert json.loads(json.dumps(body)) == {"a": text, "b": [{"c": f"x {text}"}]}


@pytest.mark.parametrize("bad", ["1.5", "", " ", "1e3", "٣", "0x1", "--1", "1" * 30, "a"])
def test_a_number_is_a_number(bad: str) -> None:
    """Ids that are none are told before anything is sent."""
    with pytest.raises(TemplateValueError):
        built({"$integer": "{{ note }}"}, values_of({"note": bad}))
    assert built({"$integer": "{{ note }}"}, values_of({"note": " 12 "})) == 12


@pytest.mark.parametrize(
    "bad",
    ["http://example.com", "https://", "https://a@b", "https://a:b@c", "https://a/?q", "https://a/#f", "file:///etc",
     "https://a b", "https://a\n", "javascript:x", "https://[", "https://ä.example", "https://a:99999", ""],
)  # fmt: skip
def test_addresses_that_secrets_may_not_go_to(bad: str) -> None:
    """Only https, or this machine."""
    assert safe_address(bad) is not None


@pytest.mark.parametrize("good", ["https://a.example/x", "http://127.0.0.1:80", "http://localhost", "http://[::1]:5"])
def test_addresses_that_secrets_may_go_to(good: str) -> None:
    """Only https, or this machine."""
    assert safe_address(good) is None
