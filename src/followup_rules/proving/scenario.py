"""A counterexample as a scenario file, which `followup-rules test` runs and shows failing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Final

from followup_rules.model.words import ENDED
from followup_rules.proving.clock import UTC
from followup_rules.proving.counterexamples import Counterexample
from followup_rules.proving.histories import (
    History,
    Profile,
    application_data,
    application_id,
    event_data,
    events_of,
)
from followup_rules.timing.zones import find_zone

_NOT_SENT: Final = {"none_of": ["send", "revise"]}


def scenario_file(rules: Sequence[str], counterexamples: Sequence[Counterexample]) -> str:
    """The text of a scenario file; `rules` are as the file should name them."""
    lines = [
        "# Found by followup-rules prove. Each scenario says what ought to be, so it fails until the rules are mended."
    ]
    lines += ["schema: followup-rules-test/1", f"rules: {_flow(list(rules))}", "scenarios:"]
    for one in counterexamples:
        lines += scenario(one)
    return "\n".join(lines) + "\n"


def scenario(one: Counterexample) -> list[str]:
    """The lines of one scenario."""
    zone = zone_of(one.profile)
    start = one.history[0].at
    lines = [
        f"  - title: {_quoted(f'{one.code} {one.text}')}",
        f"    start: {_time(start, zone)}",
        *_applications(one.profile),
        "    moments:",
    ]
    wanted: dict[str, Any] = {}
    if one.profile.applications > 1:
        wanted["application"] = one.application
    wanted |= {"follow_up": one.follow_up, "direction": one.direction}
    wanted["decision"] = {"not_sent": _NOT_SENT, "sent": "send", "no_wait": {"is_not": "wait"}}[one.wanted]
    moments = moments_of(one.profile, one.history)
    moments.setdefault(one.now, {})["expect"] = wanted
    for at, told in sorted(moments.items()):
        for application, status in told.get("statuses", {}).items():
            lines.append(f"      - at: {_time(at, zone)}")
            lines += [f"        application: {application}", f"        status: {status}"]
        if told.keys() == {"statuses"}:
            continue
        lines.append(f"      - at: {_time(at, zone)}")
        if told.get("events"):
            lines.append("        events:")
            lines += [f"          - {_flow(event, zone)}" for event in told["events"]]
        if told.get("status"):
            lines.append(f"        status: {told['status']}")
        if told.get("expect"):
            lines.append(f"        expect: {_flow(told['expect'])}")
    return lines


def moments_of(profile: Profile, history: History) -> dict[datetime, dict[str, Any]]:
    """What happens at each moment: `events`, and the `status` from then on, by application where there are two."""
    found: dict[datetime, dict[str, Any]] = {}
    for number in range(profile.applications):
        for given in events_of(history, number):
            event = {key: value for key, value in event_data(*given).items() if key != "at"}
            if profile.applications > 1:
                event["application"] = application_id(number)
            found.setdefault(given[0].at, {}).setdefault("events", []).append(event)
    for one in history:
        ended = one.symbol.type in ENDED
        if one.symbol.type != "status" and not ended:
            continue
        moment, status = found.setdefault(one.at, {}), one.symbol.type if ended else one.symbol.text
        if profile.applications > 1:
            moment.setdefault("statuses", {})[application_id(one.application)] = status
        else:
            moment["status"] = status
    return found


def zone_of(profile: Profile) -> tzinfo:
    """The clock that times are written on."""
    return find_zone(profile.job.get("timezone", "")) or UTC


def _applications(profile: Profile) -> list[str]:
    made = [application_data(profile, (), number) for number in range(profile.applications)]
    for one in made:
        del one["events"]
    if len(made) > 1:
        return ["    applications:", *(f"      - {_flow(one)}" for one in made)]
    return ["    application:", *(f"      {key}: {_flow(value)}" for key, value in made[0].items())]


def _time(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).isoformat()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _flow(value: Any, zone: tzinfo = UTC) -> str:
    """A value in one line, as people write it in YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner, zone)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner, zone) for inner in value) + "]"
    if isinstance(value, datetime):
        return _time(value, zone)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.replace("_", "a").replace("-", "a").isalnum() and not value[:1].isdigit():
        return value if value.lower() not in ("true", "false", "null") else _quoted(value)
    return json.dumps(value, ensure_ascii=False)
