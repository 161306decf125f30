"""What the host promises: every plugin is loaded alone, named when it fails, and the others go on."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from followup_rules import hookspecs
from followup_rules.errors import Misconfigured
from followup_rules.load.rulefiles import load_policy
from followup_rules.plugins import SWITCH, PluginReport, Plugins, load_plugins
from followup_rules.quality.catalogue import CHECKS
from followup_rules.testing.installing import write_distribution

GOOD = """
from pathlib import Path
from followup_rules.hookspecs import hookimpl
from followup_rules.adapter import Adapter

class Good(Adapter):
    name = "good"
    capabilities = frozenset({"note", "task"})

@hookimpl
def followup_rules_packs():
    return {"good": Path(__file__).with_suffix(".yaml")}

@hookimpl
def followup_rules_adapters():
    return [Good]
"""
PACK = "schema: followup-rules/1\npack: good\nextends: [default]\nrules: []\n"
HOOK = "from followup_rules.hookspecs import hookimpl\n@hookimpl\n"
RULES = Path(__file__).parents[1] / "rules"

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a plugin of one module into a folder that is on the path for one test."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv(SWITCH, raising=False)

    def write(name: str, code: str, distribution: str = "", version: str = "1.2.3") -> None:
        module = f"plugin_{tmp_path.name.replace('-', '_')}_{name.replace('-', '_')}"
        (tmp_path / f"{module}.py").write_text(code)
        (tmp_path / f"{module}.yaml").write_text(PACK)
        write_distribution(tmp_path, distribution or f"acme-{name}", {name: module}, version=version)

    return write


def loaded(*names: str) -> Plugins:
    """Only the plugins that a test has installed, whatever else this machine has."""
    return load_plugins({SWITCH: ",".join(names)})


def report(plugins: Plugins, name: str) -> PluginReport:
    return next(one for one in plugins.reports if one.name == name)


# --- What comes with the package ----------------------------------------------------------------------------


def test_the_bundled_packs_come_through_the_hooks() -> None:
    """Every rule file of `rules/` is a pack of its own name, shown as it stands in the repository."""
    plugins = load_plugins({SWITCH: "off"})
    assert {name: source.shown for name, source in plugins.packs.items()} == {
        file.stem: f"rules/{file.name}" for file in RULES.glob("*.yaml") if not file.stem.endswith("_test")
    }
    assert "default" in plugins.packs and next(iter(plugins.adapters)) == "folder"
    (bundled,) = plugins.reports
    assert (bundled.name, bundled.distribution, bundled.error) == ("bundled", "followup-rules", None)
    assert bundled.hooks == ("followup_rules_adapters", "followup_rules_checks", "followup_rules_packs")
    assert list(plugins.checks) == list(bundled.checks) == list(CHECKS)
    assert bundled.capabilities["folder"] == ("draft",)


def test_every_bundled_pack_says_its_own_name_and_loads() -> None:
    """The name by which others extend a pack is the one in its file."""
    packs = load_plugins({SWITCH: "off"}).packs
    for name in packs:
        assert [pack.name for pack in load_policy([name], packs).packs] == [name]


def test_every_hook_is_documented_and_used_by_a_plugin() -> None:
    """There is no hook without a word in the documentation and a plugin that needs it."""
    root = Path(__file__).parents[1]
    page = (root / "docs" / "plugins.md").read_text("utf-8")
    users = [root / "src/followup_rules/bundled.py", *root.glob("plugins/*/src/**/*.py")]
    code = "".join(file.read_text("utf-8") for file in users)
    hooks = [name for name in vars(hookspecs) if name.startswith("followup_rules_")]
    assert len(hooks) == 3
    for hook in hooks:
        assert f"`{hook}`" in page, hook
        assert f"def {hook}(" in code, hook
        assert getattr(hookspecs, hook).__doc__


def test_without_an_installation_the_bundled_plugin_is_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a plain folder on the path there is no metadata, and the packs are needed all the same."""
    monkeypatch.setattr("importlib.metadata.distributions", list)
    assert "default" in load_plugins({}).packs


# --- Plugins of others --------------------------------------------------------------------------------------


def test_a_plugin_brings_packs_and_adapters(install: Install) -> None:
    """What it brings has its distribution in the name that is shown."""
    install("good", GOOD)
    plugins = load_plugins({})
    found = report(plugins, "good")
    assert (found.distribution, found.version, found.error) == ("acme-good", "1.2.3", None)
    assert found.capabilities == {"good": ("note", "task")}
    assert found.packs == ("good",)
    assert plugins.packs["good"].shown == f"acme-good:{plugins.packs['good'].path.name}"
    assert plugins.adapter("good").name == "good"
    assert load_policy(["good"], plugins.packs).policy.rule("thank-you") is not None


FAULTS = {
    "raises at import": (
        "raise RuntimeError('no\\n\\x1b[31mtoken')",
        "importing it failed: RuntimeError: no ?[31mtoken",
    ),
    "is no Python": ("def (", "importing it failed: SyntaxError"),
    "exits at import": ("import sys; sys.exit(3)", "importing it failed: SystemExit: 3"),
    "throws what is no Exception": (
        "class Panic(BaseException): pass\nraise Panic('in an extension')",
        "importing it failed: Panic: in an extension",
    ),
    "has an error without a text": (
        "class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute",
        "importing it failed: Mute",
    ),
    "raises in the hook": (
        f"{HOOK}def followup_rules_packs(): 1 / 0",
        "asking it what it brings failed: ZeroDivision",
    ),
    "exits in the hook": (
        f"{HOOK}def followup_rules_packs(): exit(0)",
        "asking it what it brings failed: SystemExit",
    ),
    "returns nothing": (f"{HOOK}def followup_rules_packs(): pass", "followup_rules_packs returned nothing"),
    "returns a list": (f"{HOOK}def followup_rules_packs(): return ['a']", "returned a thing of type list"),
    "names a pack like a path": (
        f"{HOOK}def followup_rules_packs(): return {{'../x': 1}}",
        "'../x' is no name",
    ),
    "names a pack by a number": (f"{HOOK}def followup_rules_packs(): return {{1: 1}}", "1 is no name"),
    "gives a text for a path": (
        f"{HOOK}def followup_rules_packs(): return {{'a': 'a.yaml'}}",
        "no pathlib.Path",
    ),
    "gives a path to nothing": (
        f"from pathlib import Path\n{HOOK}def followup_rules_packs(): return {{'a': Path('/no/file.yaml')}}",
        "the rule file of 'a' is not there: /no/file.yaml",
    ),
    "returns an adapter alone": (
        f"{HOOK}def followup_rules_adapters(): return int",
        "returned a thing of type type",
    ),
    "returns no adapters": (f"{HOOK}def followup_rules_adapters(): return None", "returned nothing"),
    "returns what is no adapter": (
        f"{HOOK}def followup_rules_adapters(): return [int]",
        "inherits from Adapter",
    ),
    "has an unknown hook": (f"{HOOK}def followup_rules_pack(): return {{}}", "followup_rules_pack"),
    "wants an argument": (f"{HOOK}def followup_rules_packs(config): return {{}}", "config"),
    "forgets the mark": (
        "def followup_rules_packs(): return {}",
        "mark its functions with followup_rules.hookspecs",
    ),
}


@pytest.mark.parametrize(("code", "told"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_plugin_is_named_and_the_others_go_on(install: Install, code: str, told: str) -> None:
    """Nothing of it is used; its distribution and version stand beside what went wrong."""
    install("bad", code, distribution="a-first-in-order")
    install("good", GOOD)
    plugins = loaded("bad", "good")
    found = report(plugins, "bad")
    assert told in (found.error or "")
    assert (found.distribution, found.version) == ("a-first-in-order", "1.2.3")
    assert (found.packs, found.hooks, dict(found.capabilities)) == ((), (), {})
    assert "default" in plugins.packs and "good" in plugins.packs
    (problem,) = plugins.problems
    assert str(problem).startswith("a-first-in-order 1.2.3: FR502 the plugin 'bad' is not used: ")
    assert str(problem).isprintable()


def test_an_interrupt_is_no_fault_of_a_plugin(install: Install) -> None:
    """Who presses Ctrl-C while plugins load wants the program to end."""
    install("bad", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        loaded("bad")


def test_a_plugin_cannot_write_between_the_results(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    """Another program reads stdout."""
    install("good", f"print('hello from a plugin')\n{GOOD}")
    loaded("good")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "hello from a plugin\n")


def test_a_broken_entry_point_file_of_anybody_is_no_obstacle(install: Install, tmp_path: Path) -> None:
    """Neither one that concerns us nor one that does not."""
    install("good", GOOD)
    for name, group in (("their-tool", "console_scripts"), ("our-plugin", "followup_rules")):
        info = write_distribution(tmp_path, name, {})
        (info / "entry_points.txt").write_text(f"[{group}]\nthis line says nothing\n")
    plugins = load_plugins({})
    assert report(plugins, "good").error is None
    broken = [one for one in plugins.reports if one.distribution == "our-plugin"]
    assert all(one.error for one in broken)


def test_an_entry_point_to_no_module_is_told(install: Install, tmp_path: Path) -> None:
    """Half an uninstallation leaves such a thing behind."""
    write_distribution(tmp_path, "acme-gone", {"gone": "no_such_module_anywhere:plugin"})
    write_distribution(tmp_path, "acme-typo", {"typo": "not a module"})
    plugins = load_plugins({})
    assert "ModuleNotFoundError" in (report(plugins, "gone").error or "")
    assert report(plugins, "typo").error == "its entry point names no module: 'not a module'"


@pytest.mark.skipif(
    importlib.util.find_spec("importlib_metadata") is None, reason="importlib-metadata is not installed"
)
def test_a_strict_reader_of_entry_points_changes_nothing(tmp_path: Path) -> None:
    """importlib-metadata, once imported by anybody, refuses to read all entries of a distribution for one of them."""
    write_distribution(tmp_path, "acme-mixed", {"typo": "not a module", "gone": "no_such_module_anywhere:plugin"})
    code = (
        "import pydantic, followup_rules.check, importlib_metadata, sys; sys.path.append(sys.argv[1])\n"
        "from followup_rules.plugins import load_plugins\n"
        "print([(one.name, one.error) for one in load_plugins({}).reports if one.distribution == 'acme-mixed'])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "its entry point names no module: 'not a module'" in done.stdout
    assert "ModuleNotFoundError" in done.stdout


# --- Names that two plugins bring ---------------------------------------------------------------------------


def test_nobody_takes_the_name_of_a_bundled_pack(install: Install) -> None:
    """However early in the alphabet the distribution comes."""
    install("thief", GOOD.replace('"good": Path', '"default": Path'), distribution="aaa")
    plugins = loaded("thief")
    assert plugins.packs["default"].shown == "rules/default.yaml"
    assert "the pack 'default' is already brought by followup-rules " in (report(plugins, "thief").error or "")
    assert "good" not in plugins.adapters


def test_the_first_distribution_in_order_keeps_a_name(install: Install) -> None:
    """Which one wins does not depend on the order of installation."""
    install("later", GOOD, distribution="b-later")
    install("first", GOOD, distribution="a-first")
    plugins = loaded("later", "first")
    assert plugins.packs["good"].shown.startswith("a-first:")
    assert report(plugins, "first").error is None
    assert "the pack 'good' is already brought by a-first 1.2.3" in (report(plugins, "later").error or "")


def test_two_adapters_of_one_name_are_one_too_many(install: Install) -> None:
    """Between two plugins the first stays; inside one plugin nobody knows which is meant."""
    only_adapter = GOOD.replace('"good": Path', '"other": Path')
    install("a-one", GOOD)
    install("b-two", only_adapter)
    install("c-twice", GOOD.replace("[Good]", "[Good, type('Good', (Adapter,), dict(vars(Good)))]"))
    plugins = loaded("a-one", "b-two", "c-twice")
    assert "the adapter 'good' is already brought by acme-a-one" in (report(plugins, "b-two").error or "")
    assert "other" not in plugins.packs
    assert "two adapters are called 'good'" in (report(plugins, "c-twice").error or "")


# --- The switch ---------------------------------------------------------------------------------------------


def test_unset_all_plugins_are_loaded(install: Install) -> None:
    """Installing is enough."""
    install("good", GOOD)
    assert "good" in load_plugins({}).packs


@pytest.mark.parametrize("switch", ["off", "OFF", "", " ", ","])
def test_off_leaves_the_bundled_plugin_alone(install: Install, switch: str) -> None:
    """Nothing of the others is even imported."""
    install("good", GOOD + "\nimport os; os.environ['IMPORTED'] = 'yes'")
    plugins = load_plugins({SWITCH: switch})
    assert [one.name for one in plugins.reports] == ["bundled"]
    assert "IMPORTED" not in os.environ


def test_a_list_lets_in_what_it_names(install: Install) -> None:
    """The bundled plugin is always there; a name that is not installed is told, with what may be meant."""
    install("good", GOOD)
    install("bad", "raise RuntimeError")
    plugins = load_plugins({SWITCH: " good , godo,, godo"})
    assert [one.name for one in plugins.reports] == ["bundled", "good", "godo"]
    error = report(plugins, "godo").error or ""
    assert error == f"{SWITCH} names it, but no such plugin is installed; did you mean 'good'?"
    assert [str(problem).split(": FR502 ")[0] for problem in plugins.problems] == [SWITCH]


def test_an_adapter_of_a_failed_plugin_is_refused_with_the_reason(install: Install) -> None:
    """Delivering without it would lose messages in silence."""
    install("bad", "raise RuntimeError('wrong version')")
    plugins = loaded("bad")
    with pytest.raises(Misconfigured, match="there is no adapter 'bad'; known are ashby, bamboohr") as raised:
        plugins.adapter("bad")
    assert "acme-bad 1.2.3: FR502" in str(raised.value) and "wrong version" in str(raised.value)
    with pytest.raises(Misconfigured, match="did you mean 'folder'"):
        plugins.adapter("foldr")


# --- The command --------------------------------------------------------------------------------------------


def run(folder: Path, *arguments: str, switch: str = "") -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, SWITCH: switch, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "followup_rules.cli.main", "plugins", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=60)


CHECK = """
from followup_rules.check import Check, CheckOptions, Fault
from followup_rules.hookspecs import hookimpl

class Shouting(Check):
    name, code, title = {name!r}, {code!r}, "a word in capitals"
    {body}

@hookimpl
def followup_rules_checks():
    return {answer}
"""
FAULTS = "def faults(self, text, context):\n        return []"


@pytest.mark.parametrize(
    ("name", "code", "body", "answer", "error"),
    [
        ("shouting", "ACME001", FAULTS, "[Shouting]", None),
        ("appreciation", "ACME001", FAULTS, "[Shouting]", "the check 'appreciation' is already brought by"),
        ("shouting", "FR601", FAULTS, "[Shouting]", "the code 'FR601' is already brought by"),
        ("Shout-ing", "ACME001", FAULTS, "[Shouting]", "use small letters, digits and underscores"),
        ("shouting", "acme", FAULTS, "[Shouting]", "use capital letters and three digits"),
        ("shouting", "ACME001", "pass", "[Shouting]", "the check 'shouting' has no method faults"),
        ("shouting", "ACME001", f"{FAULTS}\n    Options = int", "[Shouting]", "do not inherit from CheckOptions"),
        ("shouting", "ACME001", FAULTS, "[int]", "is no class that inherits from Check"),
        ("shouting", "ACME001", FAULTS, "Shouting", "and no list of check classes"),
        ("shouting", "ACME001", FAULTS, "None", "returned nothing and no list of check classes"),
    ],
)
def test_a_check_of_a_plugin_is_used_or_refused_with_the_reason(
    install: Install, name: str, code: str, body: str, answer: str, error: str | None
) -> None:
    """What outsiders return is checked before it is used."""
    install("acme", CHECK.format(name=name, code=code, body=body, answer=answer))
    plugins = load_plugins({SWITCH: "acme"})
    report = plugins.reports[-1]
    if error is None:
        assert (report.error, report.checks) == (None, ("shouting",))
        assert plugins.checks["shouting"].code == "ACME001"
    else:
        assert error in str(report.error)
        assert "shouting" not in plugins.checks


def test_the_command_tells_what_is_there(tmp_path: Path, install: Install) -> None:
    """Name, distribution, version, hooks, packs, adapters with what they can do; exit status 0."""
    install("good", GOOD)
    done = run(tmp_path, switch="good")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(
        "good  (acme-good 1.2.3)\n"
        "  hooks     followup_rules_adapters, followup_rules_packs\n"
        "  packs     good\n"
        "  adapters  good (note, task)\n"
    )


def test_the_command_tells_what_failed(tmp_path: Path, install: Install) -> None:
    """A plugin that exits takes the command no further than to exit status 1."""
    install("bad", "import sys; sys.exit(0)")
    done = run(tmp_path, switch="bad")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("bundled  (followup-rules ")
    assert "bad  (acme-bad 1.2.3)  not used\n  FR502     importing it failed: SystemExit: 0\n" in done.stdout


def test_the_command_tells_machines_the_same(tmp_path: Path, install: Install) -> None:
    """One object a plugin."""
    install("good", GOOD)
    install("bad", "raise RuntimeError('no')")
    done = run(tmp_path, "--format", "json", switch="bad,good")
    assert done.returncode == 1
    bundled, bad, good = json.loads(done.stdout)
    assert bundled["capabilities"]["folder"] == ["draft"]
    assert bad == {
        "name": "bad",
        "distribution": "acme-bad",
        "version": "1.2.3",
        "hooks": [],
        "packs": [],
        "capabilities": {},
        "checks": [],
        "error": "importing it failed: RuntimeError: no",
        "tiers": {},
    }
    assert good["packs"] == ["good"] and good["error"] is None
