"""Rule files: every fault has a code and a place, all are told at once, and packs come together as they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from followup_rules.errors import InvalidInput
from followup_rules.load.rulefiles import Source, load_each, load_policy
from followup_rules.load.yaml import parse

Write = Callable[[str, str | bytes], str]

STOP = "- {id: core, kind: stop, title: Ends it, on: [reply, rejected, withdrawn, hired, opted_out]}\n"
THANKS = """\
- id: thank-you
  kind: follow_up
  title: Thank
  follow_up: thank_you
  direction: candidate_to_employer
  after: interview_completed
  expires: 3 days
  do: [draft_message]
"""
HEAD = "schema: followup-rules/1\npack: mine\n"
WHOLE = HEAD + "rules:\n" + STOP + THANKS
BASE = Path("base.yaml")


def faults(*names: str) -> list[str]:
    """Every problem of some files, as a user reads it."""
    with pytest.raises(InvalidInput) as found:
        load_policy(names, {"base": Source(BASE, "base.yaml")})
    return [str(problem) for problem in found.value.problems]


def ids(*names: str) -> list[str]:
    return [rule.id for rule in load_policy(names, {"base": Source(BASE, "base.yaml")}).policy.rules]


def with_limit(text: str) -> str:
    """A whole file whose line 13 begins a limit with this text; `|` stands for where the fault is."""
    return WHOLE + f"- id: few\n  kind: limit\n  title: Few\n  at_most: 2\n  per: application\n{text}\n"


# In each text `¦` stands before what the place must point to.
FAULTS: dict[str, tuple[str, str]] = {
    "FR101 no schema": ("¦pack: mine\n", "'schema' is missing; write 'schema: followup-rules/1' as the first line"),
    "FR101 no pack": ("¦schema: followup-rules/1\n", "'pack' is missing: every file names its pack"),
    "FR101 no kind": (HEAD + "rules:\n- ¦{id: x, title: X}\n", "'kind' is missing in a rule; known are follow_up, "),
    "FR101 no title": (
        WHOLE + "- ¦id: few\n  kind: limit\n  at_most: 2\n  per: candidate\n",
        "'title' is missing in kind limit",
    ),
    "FR101 no expires": (
        WHOLE.replace("  expires: 3 days\n", "").replace("- id: thank", "- ¦id: thank"),
        "'expires' is missing",
    ),
    "FR101 no event": (with_limit("  when: {happened: ¦{from: employer}}"), "a pattern needs 'event'"),
    "FR102 a pack that is a number": ("schema: followup-rules/1\npack: ¦7\n", "'pack' must be a text"),
    "FR102 extends a text": (HEAD + "extends: ¦default\n", "'extends' is a list, as in [default]"),
    "FR102 disable a number": (HEAD + "disable: [¦7]\n", "'disable' is a list of texts"),
    "FR102 a number as text": (WHOLE.replace("title: Thank", "title: ¦7"), "'title': input should be a valid string"),
    "FR102 a text as number": (
        WHOLE + "- {id: few, kind: limit, title: F, at_most: ¦two, per: candidate}\n",
        "'at_most': ",
    ),
    "FR103 an id in capitals": (WHOLE.replace("thank-you", "¦Thank_You"), "'Thank_You' is no id"),
    "FR103 an unknown direction": (
        WHOLE.replace("candidate_to_employer", "¦to_employer"),
        "'to_employer' is not allowed for 'direction'",
    ),
    "FR103 a limit of 0": (
        WHOLE + "- {id: few, kind: limit, title: F, at_most: ¦0, per: candidate}\n",
        "use kind: stop to say so",
    ),
    "FR103 a follow-up called none": (
        WHOLE.replace("follow_up: thank_you", "follow_up: ¦none"),
        "'none' marks ordinary talk",
    ),
    "FR103 an unknown stopper": (WHOLE.replace("on: [reply", "on: [¦repl"), "did you mean 'reply'?"),
    "FR103 something twice": (
        WHOLE.replace("do: [draft_message]", "do: ¦[add_note, add_note]"),
        "names the same thing twice",
    ),
    "FR103 backoff below 1": (
        WHOLE + "- {id: c, kind: cooldown, title: C, at_least: 1 day, per: candidate, backoff: ¦0.5}\n",
        "'backoff': ",
    ),
    "FR104 a key of a file": (HEAD + "¦rule: []\n", "unknown key 'rule' in a rule file; did you mean 'rules'?"),
    "FR104 a key of a rule": (
        with_limit("  ¦withn: 3 days"),
        "unknown key 'withn' in kind limit; did you mean 'within'?",
    ),
    "FR104 a key of a step": (
        WHOLE.replace("  expires: 3 days\n", "  steps:\n  - {¦open: 1 day, expires: 2 days}\n"),
        "unknown key 'open' in kind follow_up; did you mean 'opens'?",
    ),
    "FR104 an operator": (
        with_limit("  when: {touches: {¦atleast: 2}}"),
        "unknown operator 'atleast'; did you mean 'at_least'?",
    ),
    "FR104 a key of a pattern": (
        with_limit("  when: {happened: {event: message, ¦form: employer}}"),
        "did you mean 'from'?",
    ),
    "FR104 a channel of a note": (
        with_limit("  when: {happened: {event: note, ¦channel: email}}"),
        "a pattern of note has no 'channel'",
    ),
    "FR105": (
        WHOLE.replace("kind: follow_up", "kind: ¦followup"),
        "unknown kind 'followup'; did you mean 'follow_up'?",
    ),
    "FR106": (WHOLE + STOP.replace("id: core", "id: ¦core"), "the id 'core' is used twice, first in line 4"),
    "FR107 a bare number": (
        WHOLE.replace("3 days", "¦3"),
        "3 has no unit; write '3 hours', '3 days' or '3 business days'",
    ),
    "FR107 months": (WHOLE.replace("3 days", "¦3 months"), "'3 months' is no length of time"),
    "FR107 in a pattern": (with_limit("  when: {happened: {event: note, within: ¦5}}"), "5 has no unit"),
    "FR108": (
        WHOLE + "- {id: w, kind: send_window, title: W, open: ¦Mon-Fri 9-17}\n",
        "is no window; write it as 'Mon-Fri 09:00-17:30'",
    ),
    "FR109": (
        WHOLE + "- {id: w, kind: send_window, title: W, open: Mon-Fri 09:00-17:00, in: ¦Europe/Berlinn}\n",
        "did you mean 'Europe/Berlin'?",
    ),
    "FR110": (with_limit("  when: {¦stag: onsite}"), "unknown fact 'stag'; did you mean 'stage'?"),
    "FR110 deep": (with_limit("  when: {any: [{stage: a}, {not: {¦job.name: onsite}}]}"), "unknown fact 'job.name'"),
    "FR111 a text for a number": (with_limit("  when: {touches: ¦two}"), "'touches' is a number, and 'two' is not"),
    "FR111 an ordering of texts": (
        with_limit("  when: {stage: {at_least: ¦2}}"),
        "'at_least' compares numbers, and 'stage' is no number",
    ),
    "FR111 an unknown status": (with_limit("  when: {status: ¦Active}"), "did you mean 'active'?"),
    "FR111 true for a number": (with_limit("  when: {touches: ¦true}"), "'touches' is a number, and 'true' is not"),
    "FR111 nothing": (with_limit("  when: {stage: ¦null}"), "use present: false to ask whether it is missing"),
    "FR112 nothing": (with_limit("  when: ¦{}"), "a condition that says nothing; leave it out"),
    "FR112 an empty all": (with_limit("  when: {all: ¦[]}"), "'all' needs a list with at least one condition"),
    "FR112 a text": (with_limit("  when: ¦onsite"), "a condition is a mapping of facts to tests"),
    "FR113": (
        WHOLE.replace("after: interview_completed", "after: ¦message"),
        "write 'after: reply' for the other side's latest one",
    ),
    "FR113 unknown": (
        WHOLE.replace("after: interview_completed", "after: ¦interview_complete"),
        "did you mean 'interview_completed'?",
    ),
    "FR114 a pack": (
        WHOLE.replace("rules:", "extends: [¦bas]\nrules:"),
        "there is no pack called 'bas'; did you mean 'base'?",
    ),
    "FR114 a file": (
        WHOLE.replace("rules:", "extends: [¦./x.yaml]\nrules:"),
        "there is no file './x.yaml' beside this one",
    ),
    "FR115": (WHOLE.replace("rules:", "extends: [¦mine]\nrules:"), "the pack 'mine' extends itself"),
    "FR116": (WHOLE.replace("rules:", "disable: [¦nothing]\nrules:"), "'nothing' cannot be disabled"),
    "FR117": (
        WHOLE.replace(", opted_out", "").replace("- id: thank", "- ¦id: thank"),
        "nothing stops 'thank-you' on opted_out",
    ),
    "FR117 with a condition": (
        WHOLE.replace("Ends it,", "Ends it, when: {stage: onsite},").replace("- id: thank", "- ¦id: thank"),
        "nothing stops 'thank-you' on reply, rejected, withdrawn, hired and opted_out: it would go on after an answer",
    ),
    "FR119": (WHOLE + "- ¦{id: m, kind: message, title: M, check: thankfulness}\n", "unknown check 'thankfulness'"),
    "FR120": (
        WHOLE.replace("- id: thank", "- ¦id: thank") + "  template: none.txt.j2\n",
        "there is no template 'none.txt.j2'",
    ),
    "FR121": (
        "schema: ¦followup-rules/2\npack: mine\n",
        "'followup-rules/2' is not known here; write 'schema: followup-rules/1'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_has_its_code_its_place_and_its_mend(name: str, write: Write) -> None:
    """Line and column point at what a person has to change, and the message says to what."""
    write("base.yaml", HEAD.replace("mine", "base"))
    marked, wanted = FAULTS[name]
    before = marked[: marked.index("¦")]
    place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    write("r.yaml", marked.replace("¦", ""))
    found = [one for one in faults("r.yaml") if wanted in one]
    assert found, faults("r.yaml")
    assert found[0].startswith(f"r.yaml:{place}: {name[:5]} ")


def test_two_packs_with_one_id_are_in_conflict(write: Write) -> None:
    """FR118 names both places; nothing says which of the two is meant."""
    write("a.yaml", WHOLE)
    write("b.yaml", WHOLE.replace("mine", "other").replace("Thank\n", "Thank them\n"))
    found = faults("a.yaml", "b.yaml")
    assert [one.split(" ")[:2] for one in found] == [["b.yaml:4:3:", "FR118"], ["b.yaml:5:3:", "FR118"]]
    assert "stands for another rule in a.yaml:4:3" in found[0]


def test_a_rule_for_a_follow_up_that_nobody_sends_is_a_warning(write: Write) -> None:
    """FR122: the pack can be used, and the warning says which names there are."""
    write("r.yaml", with_limit("  follow_up: thank_yuo"))
    (warning,) = load_policy(["r.yaml"], {}).warnings
    assert (warning.code, warning.severity, warning.hint) == ("FR122", "warning", "did you mean 'thank_you'?")


def test_all_faults_of_all_files_are_told_at_once(write: Write) -> None:
    """Mending one fault does not bring out the next: seven faults in two files are seven lines, in order of place."""
    write(
        "a.yaml",
        HEAD + "extend: []\nrules:\n- {id: A, kind: limit, title: F, at_most: 0, per: nobody}\n- {kind: stop}\n",
    )
    write("b.yaml", "pack: b\nrules: [{id: x}]\n")
    codes = [(one.split(":")[0], one.split(": ")[1][:5]) for one in faults("a.yaml", "b.yaml")]
    assert codes == [
        ("a.yaml", "FR104"), ("a.yaml", "FR103"), ("a.yaml", "FR103"), ("a.yaml", "FR103"), ("a.yaml", "FR101"),
        ("a.yaml", "FR101"), ("a.yaml", "FR101"), ("b.yaml", "FR101"), ("b.yaml", "FR101"),
    ]  # fmt: skip


# --- YAML 1.2 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("no", "no"), ("on", "on"), ("off", "off"), ("yes", "yes"), ("y", "y"), ("NO", "NO"), ("18:30", "18:30"),
     ("1_000", "1_000"), ("0o14", 12), ("014", 14), ("0x1F", 31), ("0b11", "0b11"), ("1e3", 1000.0), ("1.", 1.0),
     (".5", 0.5), ("+12", 12), ("2026-11-09", "2026-11-09"), ("2026-11-09T15:00:00Z", "2026-11-09T15:00:00Z"),
     ("~", None), ("null", None), ("Null", None), ("nUll", "nUll"), ("true", True), ("False", False), ("tRUE", "tRUE"),
     ("'7'", "7"), ('"true"', "true"), ("1.2.3", "1.2.3"), ("=", "="), ("[on, 1]", ["on", 1])],
)  # fmt: skip
def test_scalars_mean_what_yaml_1_2_says(text: str, value: Any) -> None:
    """`no`, `on`, `18:30` and dates stay text; numbers are those of the core schema and nothing more."""
    found = parse(f"key: {text}\n", "x").data["key"]
    assert (found, type(found)) == (value, type(value))


def test_every_value_and_key_knows_its_place() -> None:
    """Line and column of a value, of the key that leads to it, and of an alias where it is used."""
    document = parse("a:\n  - x: 1\n    y: &here {z: 2}\n  - *here\n", "f")
    assert str(document.place(("a", 0, "y", "z"))) == "f:3:18"
    assert str(document.place(("a", 0, "y"), key=True)) == "f:3:5"
    assert str(document.place(("a", 1))) == "f:4:5"
    assert str(document.place(("a", 1, "z", "deeper"))) == "f:3:18"
    assert document.data["a"][1] == {"z": 2}


def test_aliases_are_allowed_where_they_stay_small() -> None:
    """An example may be written once and used again."""
    assert parse("a: &x {b: [1, 2]}\nc: *x\nd: [*x, *x]\n", "f").data["d"] == [{"b": [1, 2]}] * 2


# --- Packs ---------------------------------------------------------------------------------------------------------


def test_the_extending_pack_comes_first_and_replaces_by_id(write: Write) -> None:
    """The same id below is replaced, by another kind too; the order is: own rules, then what is extended."""
    write("base.yaml", WHOLE.replace("mine", "base"))
    write(
        "r.yaml", HEAD + "extends: [base]\nrules:\n" + THANKS.replace("Thank\n", "Mine\n") + STOP.replace("core", "own")
    )
    loaded = load_policy(["r.yaml"], {"base": Source(BASE, "base.yaml")})
    assert [(rule.id, str(rule.place)) for rule in loaded.policy.rules] == [
        ("thank-you", "r.yaml:5:3"), ("own", "r.yaml:13:3"), ("core", "base.yaml:4:3"),
    ]  # fmt: skip
    assert loaded.policy.rules[0].title == "Mine"


def test_a_disabled_rule_is_gone(write: Write) -> None:
    """`disable` takes out what is extended; a stop that is missed then is an error like any other."""
    write("base.yaml", WHOLE.replace("mine", "base"))
    write("r.yaml", HEAD + "extends: [base]\ndisable: [thank-you]\n")
    assert ids("r.yaml") == ["core"]
    write("r.yaml", HEAD + "extends: [base]\ndisable: [core]\n")
    assert "FR117 nothing stops 'thank-you'" in faults("r.yaml")[0]


def test_disabling_ones_own_rule_is_an_error(write: Write) -> None:
    """Only what is extended can be disabled."""
    write("r.yaml", WHOLE.replace("rules:", "disable: [thank-you]\nrules:"))
    assert "FR116 'thank-you' cannot be disabled" in faults("r.yaml")[0]


def test_a_chain_and_a_diamond_of_packs_resolve_to_the_nearest(write: Write) -> None:
    """Through two middle packs the base comes once, last, and each id stands for the rule nearest to the asked pack."""
    write("base.yaml", WHOLE.replace("mine", "base"))
    write("left.yaml", HEAD.replace("mine", "left") + "extends: [base]\nrules:\n" + THANKS.replace("Thank\n", "Left\n"))
    write("right.yaml", HEAD.replace("mine", "right") + "extends: [./base.yaml]\n")
    write("top.yaml", HEAD + "extends: [./left.yaml, right.yaml]\n")
    loaded = load_policy(["top.yaml"], {"base": Source(BASE, "base.yaml")})
    assert [rule.id for rule in loaded.policy.rules] == ["thank-you", "core"]
    assert loaded.policy.rules[0].title == "Left"


def test_of_competing_parents_a_conflict_is_told_and_can_be_settled(write: Write) -> None:
    """Two parents that bring one id are in conflict, until the pack that extends both says what it stands for."""
    write("base.yaml", WHOLE.replace("mine", "base"))
    for name in ("left", "right"):
        rules = THANKS.replace("Thank\n", f"{name}\n")
        write(f"{name}.yaml", HEAD.replace("mine", name) + "extends: [base]\nrules:\n" + rules)
    write("top.yaml", HEAD + "extends: [./left.yaml, ./right.yaml]\n")
    assert "right.yaml:5:3: FR118" in faults("top.yaml")[0]
    write("top.yaml", HEAD + "extends: [./left.yaml, ./right.yaml]\nrules:\n" + THANKS)
    assert ids("top.yaml") == ["thank-you", "core"]


def test_a_folder_is_all_its_rule_files(write: Write) -> None:
    """Every *.yaml and *.yml below it, in order of name; hidden files and scenario files (*_test.yaml) are left out."""
    write("rules/b.yaml", HEAD + "rules:\n" + THANKS)
    write("rules/a/deep.yml", HEAD + "rules:\n" + STOP)
    write("rules/c_test.yaml", "nonsense")
    write("rules/.hidden.yaml", "nonsense")
    write("rules/.git/x.yaml", "nonsense")
    write("rules/notes.txt", "nonsense")
    assert ids("rules") == ["core", "thank-you"]


def test_packs_of_a_folder_extend_each_other_by_name(write: Write) -> None:
    """A pack that stands in the same folder is found by its name, before any bundled one."""
    write("base.yaml", "schema: followup-rules/1\npack: base\nrules: [{id: X}]\n")
    write("rules/a.yaml", HEAD + "extends: [base]\nrules:\n" + THANKS)
    write("rules/z.yaml", HEAD.replace("mine", "base") + "rules:\n" + STOP)
    assert ids("rules") == ["thank-you", "core"]


def test_a_faulty_pack_does_not_keep_others_from_being_read(write: Write) -> None:
    """`check` and `test` of a folder look at every pack for itself."""
    write("rules/good.yaml", WHOLE.replace("mine", "good"))
    write("rules/bad.yaml", HEAD + "rules: [{id: x}]\n")
    loaded, problems = load_each(["rules"], {})
    assert [one.packs[0].name for one in loaded] == ["good"]
    assert [(problem.code, problem.place.file) for problem in problems] == [("FR101", "rules/bad.yaml")]


def test_templates_of_the_extending_pack_come_first(write: Write) -> None:
    """A template of the same name beside one's own rule file replaces that of the pack below."""
    write("pack/base.yaml", WHOLE.replace("mine", "base") + "  template: t.txt.j2\n")
    write("pack/templates/t.txt.j2", "theirs")
    write("own/templates/t.txt.j2", "ours")
    write("own/r.yaml", HEAD + "extends: [../pack/base.yaml]\n")
    assert load_policy(["own/r.yaml"], {}).policy.templates["t.txt.j2"] == "ours"
    assert load_policy(["pack/base.yaml"], {}).policy.templates["t.txt.j2"] == "theirs"


def test_a_rule_is_named_with_file_and_line(write: Write) -> None:
    """Decisions name the rule by the path that the user gave and the line where the rule begins."""
    write("some/r.yaml", WHOLE)
    rule = load_policy(["some/r.yaml"], {}).policy.rule("thank-you")
    assert rule is not None
    assert (rule.place.file, rule.place.line) == ("some/r.yaml", 5)
