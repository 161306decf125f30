"""The Django app in the example ATS, on a real server with SQLite: what a recruiter does, and what must not happen."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from postgres_server import postgres_server, programs
from real.processes import free_port, listening, missing, stop, wait_until

django = pytest.importorskip("django", reason="comes with the plugin: pip install -e plugins/followup-rules-django")

pytestmark = pytest.mark.real

HERE = Path(__file__).parents[1]
PASSWORD = "correct horse battery"


WORKER = """
import contextlib, io, json, os, sys, traceback
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ats.settings")
sys.path.insert(0, ".")
django.setup()
import ats.models, followup_rules_django.models
for line in sys.stdin:
    names, out = {"json": json, **vars(ats.models), **vars(followup_rules_django.models)}, io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            exec(json.loads(line), names)
        answer = {"printed": out.getvalue()}
    except Exception:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer), flush=True)
"""


class Ats:
    """A copy of the example ATS with a database of its own."""

    def __init__(self, folder: Path, settings: str | None = None) -> None:
        self.folder = folder / "example_ats"
        shutil.copytree(HERE / "example_ats", self.folder, ignore=shutil.ignore_patterns("*.sqlite3", "__pycache__"))
        source = os.pathsep.join(part for part in (str(HERE / "src"), os.environ.get("PYTHONPATH", "")) if part)
        self.environ = {**os.environ, "PYTHONPATH": source, "ATS_DATABASE": str(folder / "ats.sqlite3"),
                        "DJANGO_SUPERUSER_PASSWORD": PASSWORD}  # fmt: skip
        if settings is not None:
            (self.folder / "elsewhere.py").write_text(settings)
            self.environ["DJANGO_SETTINGS_MODULE"] = "elsewhere"
        self.manage("migrate", "-v", "0")
        self.manage("createsuperuser", "--noinput", "--username", "ruth", "--email", "ruth@example.com")

        self.worker: subprocess.Popen[str] | None = None

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(command, cwd=self.folder, env=self.environ, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)  # fmt: skip

    def manage(self, *arguments: str, status: int = 0) -> str:
        """What a command prints, both streams together."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == status, f"{arguments}\n{out}\n{err}"
        assert "Traceback" not in err or status == 0, err
        return out + err

    def run(self, code: str) -> Any:
        """What a piece of code prints as JSON, last of all; in one process that stays, as a server's does."""
        if self.worker is None:
            command = [sys.executable, "-c", WORKER]
            self.worker = subprocess.Popen(command, cwd=self.folder, env=self.environ, text=True,
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
        assert self.worker.stdin is not None
        assert self.worker.stdout is not None
        self.worker.stdin.write(json.dumps(code) + "\n")
        self.worker.stdin.flush()
        answer = json.loads(self.worker.stdout.readline())
        assert "error" not in answer, answer["error"]
        return json.loads(answer["printed"].splitlines()[-1])

    def close(self) -> None:
        """End the process that stays."""
        if self.worker is not None:
            stop(self.worker)  # type: ignore[arg-type]

    def application(self, name: str, stage: str = "interview") -> int:
        """An application that has just come to a stage."""
        number: int = self.run(
            f"a = Application.objects.create(candidate=Candidate.objects.create(name={name!r}), "
            f"job=Job.objects.create(title='Engineer'))\na.stage = {stage!r}; a.save(); print(a.pk)"
        )
        return number

    def rows(self, number: int) -> list[list[Any]]:
        found: list[list[Any]] = self.run(
            "print(json.dumps([[r.step, r.decision, r.state] for r in "
            f"FollowUp.objects.filter(application='{number}').order_by('step')]))"
        )
        return found


class Browser:
    """A person at the admin: keeps cookies, sends back what forms hold."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def get(self, path: str) -> str:
        text: str = self._open(self._url + path).read().decode()
        return text

    def post(self, path: str, **fields: Any) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))
        assert token, path
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}, doseq=True).encode()
        request = urllib.request.Request(self._url + path, data, {"Referer": self._url + path})
        text: str = self._open(request).read().decode()
        assert 'class="errornote"' not in text, re.findall(r'class="errorlist"[^>]*>(.*?)</ul>', text, re.S)
        return text


@pytest.fixture(scope="module")
def ats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ats]:
    assert django.VERSION >= (4, 2)
    one = Ats(tmp_path_factory.mktemp("django"))
    yield one
    one.close()


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[str]:
    """The URL of a PostgreSQL of the test's own."""
    if programs() is None:
        missing("PostgreSQL", "it is not installed")
    with postgres_server(tmp_path) as url:
        yield url


@pytest.fixture(scope="module")
def browser(ats: Ats) -> Iterator[Browser]:
    """A person who is logged in at the example ATS."""
    port = free_port()
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with (ats.folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ats.folder, env=ats.environ, stdout=log, stderr=log)
        try:
            wait_until(lambda: listening(port), "Django's server", 60)
            person = Browser(f"http://127.0.0.1:{port}")
            assert "Log out" in person.post("/login/", username="ruth", password=PASSWORD, next="/")
            yield person
        finally:
            stop(process)


LIST = "/followup_rules/followup/"
NO_INLINES = {
    f"{name}-{key}": value
    for name in ("interviews", "messages")
    for key, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0), ("MIN_NUM_FORMS", 0), ("MAX_NUM_FORMS", 1000))
}


def form(application: dict[str, Any], stage: str) -> dict[str, Any]:
    now = datetime.now(timezone.utc) - timedelta(minutes=1)
    return {**application, "stage": stage, "applied_0": f"{now:%Y-%m-%d}", "applied_1": f"{now:%H:%M:%S}", **NO_INLINES}


def keys_on(page: str) -> list[str]:
    return re.findall(r'name="_selected_action" value="(\w+)"', page)


def later(**length: int) -> str:
    return (datetime.now(timezone.utc) + timedelta(**length)).isoformat()


def test_a_recruiters_day(ats: Ats, browser: Browser) -> None:
    """An application moves stage: the follow-up is there with draft and reason. It is done, and never asked for again;
    a week later the next step is due."""
    browser.post("/ats/candidate/add/", name="Ada Park", time_zone="America/New_York", email="ada@example.org")
    browser.post("/ats/job/add/", title="Data Engineer", time_zone="America/New_York")
    number = ats.run("print(json.dumps([Candidate.objects.get().pk, Job.objects.get().pk]))")
    ids = {"candidate": number[0], "job": number[1]}
    browser.post("/ats/application/add/", **form(ids, "applied"))
    assert keys_on(browser.get(LIST)) == []
    browser.post("/ats/application/1/change/", **form(ids, "interview"))
    page = browser.get(LIST)
    (key,) = keys_on(page)
    assert "news to Ada Park, step 1: send now" in page
    shown = browser.get(f"{LIST}{key}/change/")
    assert "your application for Data Engineer has come to a new stage: interview" in shown
    assert re.search(r"-&gt; news: Step 1 is open.*rules\.yaml:4\)", shown)
    assert "news to Ada Park, step 1" in browser.get("/ats/application/1/change/")

    said = browser.post(f"{LIST}{key}/change/", _done="Done")
    assert "1 done" in said
    assert "_done" not in browser.get(f"{LIST}{key}/change/")
    assert keys_on(browser.get(LIST)) == []
    ats.manage("followups_decide")
    assert ats.rows(1) == [[1, "send", "done"], [2, "wait", "open"]]
    assert "Tell the candidate" not in ats.manage("followups_due", "--at", later(days=6))
    assert "news to Ada Park, step 2" in ats.manage("followups_due", "--at", later(days=7, minutes=5))
    assert "ruth" in browser.get(f"{LIST}{key}/change/")


def test_what_is_dismissed_stays_so(ats: Ats, browser: Browser) -> None:
    """A person's word is not overruled, whoever says something else later, and it is no touch."""
    number = ats.application("Dora <i>Diss")
    page = browser.get(f"{LIST}?q=Dora")
    (key,) = keys_on(page)
    for shown in (page, browser.get(f"{LIST}{key}/change/"), browser.get(f"/ats/application/{number}/change/")):
        assert "Dora &lt;i&gt;Diss" in shown
        assert "<i>Diss" not in shown
    browser.post(LIST, action="dismiss", _selected_action=[key], index=0)
    said = browser.post(f"{LIST}?show=all", action="mark_done", _selected_action=[key], index=0)
    assert "had been done or dismissed before" in said
    ats.manage("followups_decide", str(number))
    assert ats.rows(number) == [[1, "send", "dismissed"]]
    assert ats.run(f"print(Touch.objects.filter(application='{number}').count())") == 0


def test_an_answer_ends_it(ats: Ats) -> None:
    """A message of the candidate is heard at once; the reason stands in the row, and in `followups_why`."""
    number = ats.application("Rita Reply")
    ats.run(f"Message.objects.create(application_id={number}, incoming=True, text='Tomorrow?'); print(1)")
    assert ats.rows(number) == [[1, "stop", "ended"]]
    why = ats.manage("followups_why", str(number))
    assert "do not send (reply" in why
    assert re.search(r"-> ends: reply \(event message-\d+\) stops it\. \(.*rules\.yaml:26\)", why)


def test_an_opt_out_counts_in_all_of_a_candidates_applications(ats: Ats) -> None:
    """The candidate's other applications are decided anew as well."""
    number = ats.application("Olga Out")
    ats.run(
        f"c = Application.objects.get(pk={number}).candidate\n"
        "b = Application.objects.create(candidate=c, job=Job.objects.first()); b.stage='offer'; b.save()\n"
        "c.opted_out = b.moved; c.save(); print(b.pk)"
    )
    assert ats.rows(number) == ats.rows(number + 1) == [[1, "stop", "ended"]]


def test_many_processes_make_one_follow_up(ats: Ats) -> None:
    """Six processes decide the same application at once: one row. Four say that it is done: one touch."""
    decide_and_say_at_once(ats)


def test_many_processes_make_one_follow_up_on_postgresql(postgres: str, tmp_path: Path) -> None:
    """The same, where many may write at once."""
    pytest.importorskip("psycopg", reason="comes with the extra 'postgres' of followup-rules")
    url = urllib.parse.urlsplit(postgres)
    words = {"ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username,
             "PASSWORD": url.password, "HOST": url.hostname, "PORT": url.port}  # fmt: skip
    one = Ats(tmp_path, f"from ats.settings import *\nDATABASES = {{'default': {words!r}}}\n")
    try:
        decide_and_say_at_once(one)
    finally:
        one.close()


def decide_and_say_at_once(ats: Ats) -> None:
    number = ats.application("Paula Parallel")
    ats.run(
        f"Record.objects.filter(application='{number}').delete(); FollowUp.objects.filter(application='{number}')"
        ".delete(); print(1)"
    )
    deciding = [ats.start("followups_decide", str(number)) for _ in range(6)]
    assert [process.communicate(timeout=120)[1] for process in deciding] == [""] * 6
    assert ats.rows(number) == [[1, "send", "open"]]
    code = (
        "from followup_rules_django import deciding; from followup_rules_django.models import *\n"
        "from django.utils import timezone\n"
        f"key = FollowUp.objects.get(application='{number}').key\n"
        "print(deciding.say(key, 'done', 'ruth', timezone.now()))"
    )
    saying = [ats.start("shell", "-v", "0", "-c", code) for _ in range(4)]
    said = [process.communicate(timeout=120) for process in saying]
    assert sorted(out.strip() for out, _ in said) == ["False", "False", "False", "True"], said
    assert ats.run(f"print(Touch.objects.filter(application='{number}').count())") == 1


def test_what_a_killed_process_left_is_decided_by_the_timer(ats: Ats) -> None:
    """A process that dies after it has saved and before it has decided loses nothing: the mark is committed."""
    code = (
        "import os; from ats.models import *; from followup_rules_django import deciding\n"
        "deciding.decide_changed = lambda *given: os._exit(9)\n"
        "c, j = Candidate.objects.create(name='Kim Killed'), Job.objects.create(title='Engineer')\n"
        "from django.utils import timezone\n"
        "Application.objects.create(candidate=c, job=j, stage='offer', moved=timezone.now())"
    )
    assert ats.start("shell", "-v", "0", "-c", code).wait(60) == 9
    number = ats.run("print(Application.objects.get(candidate__name='Kim Killed').pk)")
    assert ats.rows(number) == []
    ats.manage("followups_due", "--quiet")
    assert ats.rows(number) == [[1, "send", "open"]]


def test_one_that_fails_does_not_keep_the_others(ats: Ats) -> None:
    """A fault in the project's own code is told with the application's key, and the others are decided."""
    first, second = ats.application("Fred Fails", "applied"), ats.application("Gwen Goes", "applied")
    code = (
        "from django.core.management import call_command; from ats.models import Application\n"
        "from followup_rules_django import deciding; good = deciding._read\n"
        f"Application.objects.filter(pk__in=[{first}, {second}]).update(stage='offer', moved='2026-01-01T00:00:00Z')\n"
        "def bad(desk, record):\n"
        f"    if record.pk == {first}: raise KeyError('planted')\n"
        "    return good(desk, record)\n"
        "deciding._read = bad\n"
        f"call_command('followups_decide', '{first}', '{second}')"
    )
    process = ats.start("shell", "-v", "0", "-c", code)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"{first}: it could not be decided now (KeyError); the log says more" in told
    assert ats.rows(first) == []
    assert [row[1] for row in ats.rows(second)] == ["stop"]


def test_rules_that_count_over_a_candidate(ats: Ats) -> None:
    """One message for each candidate: of two applications one is due, and it stays the same one when the other one
    changes."""
    rules = ats.folder / "rules" / "rules.yaml"
    good = rules.read_text()
    limit = "  - {id: one, kind: limit, title: One, at_most: 1, per: candidate, follow_up: news}\n"
    try:
        rules.write_text(good + limit)
        number = ats.application("Tom Twice")
        other = ats.run(
            f"c = Application.objects.get(pk={number}).candidate\n"
            "b = Application.objects.create(candidate=c, job=Job.objects.first())\n"
            "b.stage = 'offer'; b.save(); print(b.pk)"
        )
        for _ in range(2):
            said = {row[0][1] for row in (ats.rows(number), ats.rows(other))}
            assert said == {"send", "stop"}
            assert ats.rows(min(number, other, key=str))[0][1] == "send"
            ats.run(f"Application.objects.get(pk={other}).save(); print(1)")
    finally:
        rules.write_text(good)
        ats.manage("followups_due", "--quiet")


def test_what_is_rolled_back_was_never_there(ats: Ats) -> None:
    """Nothing is decided on what was not committed."""
    found = ats.run(
        "from django.db import transaction\n"
        "c = Candidate.objects.create(name='Nobody')\n"
        "try:\n"
        "    with transaction.atomic():\n"
        "        a = Application.objects.create(candidate=c, job=Job.objects.create(title='x')); pk = a.pk\n"
        "        a.stage = 'offer'; a.save(); raise KeyError\n"
        "except KeyError: pass\n"
        "print(json.dumps([Record.objects.filter(application=str(pk)).count(), "
        "FollowUp.objects.filter(application=str(pk)).count()]))"
    )
    assert found == [0, 0]


def test_what_is_deleted_is_forgotten(ats: Ats) -> None:
    """No draft and no name stays behind."""
    number = ats.application("Gina Gone")
    assert ats.rows(number)
    ats.run(f"Application.objects.get(pk={number}).delete(); print(1)")
    assert ats.rows(number) == []
    assert ats.run(f"print(Record.objects.filter(application='{number}').count())") == 0


def test_a_record_that_cannot_be_read_has_nothing_open(ats: Ats) -> None:
    """A time zone that does not exist holds; a name that is too odd to read refuses; neither is due."""
    number = ats.application("Zoe Zone")
    ats.run(f"c = Application.objects.get(pk={number}).candidate; c.time_zone = 'Moon'; c.save(); print(1)")
    (row,) = ats.rows(number)
    assert row[1:] == ["hold", "open"]
    assert "time zone" in ats.manage("followups_why", str(number))


def test_faulty_rules_keep_nobody_from_working(ats: Ats) -> None:
    """With a broken rule file the project still saves; what was missed is decided when the file is mended. A changed
    rule decides what waits anew."""
    rules = ats.folder / "rules" / "rules.yaml"
    good = rules.read_text()
    try:
        rules.write_text(good.replace("opens: 1 day", "opens: 1 dya"))
        number = ats.application("Faye Fault")
        assert ats.rows(number) == []
        assert "FR103" in (told := ats.manage("followups_due", status=1)) or "1 dya" in told, told
        assert "rules.yaml:" in ats.manage("check", status=1)
        rules.write_text(good)
        ats.manage("followups_due")
        assert ats.rows(number) == [[1, "send", "open"]]
        rules.write_text(good.replace("opens: 0 minutes, due: 1 day", "opens: 2 hours, due: 1 day"))
        ats.manage("followups_due")
        assert ats.rows(number) == [[1, "wait", "open"]]
    finally:
        rules.write_text(good)


FAULTS = (
    ("FOLLOWUP_RULES = None", "FOLLOWUP_RULES is missing in the settings"),
    ("FOLLOWUP_RULES['rule'] = 1", "unknown key 'rule'; did you mean 'rules'?"),
    ("FOLLOWUP_RULES['model'] = 'ats.App'", "there is no model 'ats.App'"),
    ("FOLLOWUP_RULES['direction'] = 'up'", "['direction'] is one of candidate_to_employer, employer"),
    ("del FOLLOWUP_RULES['candidate']", "FOLLOWUP_RULES lacks 'candidate'"),
    ("FOLLOWUP_RULES['record']['stage'] = 3", "FOLLOWUP_RULES.record.stage"),
    ("FOLLOWUP_RULES['record']['id'] = 'name'", "its 'id' is 'pk' or left out"),
    ("FOLLOWUP_RULES['rules'] = 'nowhere'", "nowhere"),
)


def test_faulty_settings_are_told_by_check(ats: Ats) -> None:
    """`manage.py check` names the key and how to mend it; without settings the project still starts so far."""
    told = ats.run(
        "import copy; from django.conf import settings; from django.apps import apps; from django.core import checks\n"
        "good = settings.FOLLOWUP_RULES; config = apps.get_app_config('followup_rules'); told = []\n"
        f"for change in {[change for change, _ in FAULTS]!r}:\n"
        "    names = {'FOLLOWUP_RULES': copy.deepcopy(good)}\n"
        "    exec(change, names)\n"
        "    settings.FOLLOWUP_RULES = names['FOLLOWUP_RULES']; config._host = None\n"
        "    told.append('\\n'.join(str(one) for one in checks.run_checks()))\n"
        "settings.FOLLOWUP_RULES = good; config._host = None; print(json.dumps(told))"
    )
    assert [said for (_, said), found in zip(FAULTS, told, strict=True) if said not in found] == []
    (ats.folder / "faulty.py").write_text("from ats.settings import *\ndel FOLLOWUP_RULES\n")
    assert "followup_rules.E001" in ats.manage("check", "--settings", "faulty", status=1)


def test_the_commands_tell_what_they_cannot_do(ats: Ats) -> None:
    """One line, no traceback."""
    assert "there is no application '999'" in ats.manage("followups_why", "999", status=1)
    assert "that is no primary key" in ats.manage("followups_decide", "x", status=1)
    assert "is no time with an offset" in ats.manage("followups_due", "--at", "2026-11-09T15:00:00", status=1)


def test_the_migrations_are_those_of_the_models(ats: Ats) -> None:
    """Nobody's `makemigrations` finds anything to do."""
    assert "No changes detected" in ats.manage("makemigrations", "--check", "--dry-run")


def test_the_example_is_small() -> None:
    """The models, pages and urls of the example are the hundred lines that are promised."""
    files = [HERE / "example_ats" / "ats" / name for name in ("models.py", "admin.py", "urls.py")]
    assert sum(len(file.read_text().splitlines()) for file in files) <= 110
