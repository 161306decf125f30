"""The reference evaluator: `decide(applications, rules, now)`, an independent reading of the rule language.

Promise: it shares no code with the engine, keeps nothing between calls and reads LANGUAGE.md literally.

Readings (where the contract is silent or can be read in two ways; numbered for comparison):

 1. A refused application gives nothing to the others: no touch, reply or opt-out; its siblings (same
    candidate.id) hold. Any rule with `per: candidate|recipient` refuses a missing candidate.id, applicable
    or not.
 2. Occasions follow the anchor's own `contacts`, doubles dropped; one contact in a list is `e2` with a
    contact.
 3. employer_to_candidate has no contact: touches to anybody count, zone and country are the candidate's
    alone.
 4. Competition is per occasion, judged with the fallback zone; `true` and `zone-unknown` both take it.
 5. An unknown zone always holds, even where no length or window needs one; then due_at and expires_at are
    null and nothing expires, elapsed lengths included.
 6. Of several causes of unknown_timezone (the follow-up, a restricting rule whose `when` lacks the zone)
    the first in rule order decides. A restricting rule that lacks the zone neither stops nor limits: it
    holds.
 7. The first applicable window is sought without a zone; one whose own `when` lacks the zone gives no
    fallback (hold). With the fallback everything is judged again, that window's `when` too.
 8. A test that needs the zone is zone-unknown even if no event matches otherwise, but a missing event is missing;
    `present` never needs the zone.
 9. `skip_holidays` skips public holidays only (no weekends), by the date in the window's own zone.
10. Business hours look at the date in the recipient's zone; windows `in` another zone at their own wall
    clock. A weekend day that a country makes a working day stays a weekend day.
11. opens, due or expires that never comes is `stop` and beats a hold; a cooldown, rolling limit or window
    that never opens is judged among the waits, so a hold beats it. So is a moment beyond `expires`.
12. A touch is in a rolling limit while touch + within is later than now; business hours there use the
    windows.
13. `hours_since.message`, `business_days_since.message` and `after: message` mean any message of either
    side, auto-replies too. `event: reply` is never an auto-reply, whatever `auto_reply` says.
14. Pattern keys are literal: an event that names nobody, has no label or channel, matches no `contact`,
    `follow_up`, `channel`. `auto_reply: true` matches auto-replies only. A list of patterns: all of them.
15. `touches`, `replies`, `unanswered_touches` are of this application, every label and contact, `none` too;
    planned sends are not in facts or patterns.
16. A touch labelled `none` counts for limits and cooldowns without `follow_up`, not for narrowed ones.
17. A limit or cooldown without `direction` counts touches of the direction being decided.
18. A narrowed stop is narrowed for `opted_out` too; without candidate.id an opt-out counts in its
    application.
19. Stopped although all steps are sent: reason stopped, step = number of steps, no dates.
20. A planned touch at now is not after an anchor, or a reply, at now.
21. `promised_by_passed` is true strictly later than 23:59:59 of `by` (or than `by`), of the latest promise.
22. The n of a backoff counts touches as the cooldown itself does (its label filter, planned sends
    included).
23. A cancellation voids once it is seen, be it dated before what it voids; naming an `interview_completed`
    voids that alone. The event `rejected` (and so on) also stops by its own date, whatever the status.
24. `attributes.a.b` is the key `a.b`; text `contains` is case-sensitive; `contains` of an object is
    unknown.
25. Nothing is sought further than 400 days of business hours or 4000 dates: beyond that it never comes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from .clock import UTC, length_of, next_open
from .conditions import T, Z, evaluate
from .timeline import Case, Json, Touch, World, part, recipient_place
from .verdicts import (
    Wait,
    base_of_step,
    cooldown_waits,
    first_stop,
    lacks_zone,
    limit_stop,
    limit_waits,
    occasions_of,
    plus,
    settle_place,
    steps_of,
    touches_of_occasion,
)


@dataclass(frozen=True)
class Outcome:
    """What folding found: decision, reason, the rule that decided, and the moment to act."""

    decision: str
    reason: str
    rule: Json
    at: datetime | None = None


@dataclass(frozen=True)
class Dates:
    """When a step opens, is best done by and goes stale; None never comes, or `due` was not given."""

    opens: datetime | None
    due: datetime | None
    expires: datetime | None
    never_comes: bool


def refusals(applications: list[Json], rules: list[Json]) -> list[bool]:
    """Whether each is refused: an id that comes twice, or no candidate.id where a rule looks beyond."""
    ids = Counter(application["id"] for application in applications)
    beyond = any(rule.get("per") in ("candidate", "recipient") for rule in rules)
    return [ids[a["id"]] > 1 or (beyond and part(a, "candidate").get("id") is None) for a in applications]


def decide(applications: list[Json], rules: list[Json], now: datetime) -> list[Json]:
    """One decision per application, follow-up rule in use and occasion, in the order input, rule, contact."""
    refused = refusals(applications, rules)
    lost = {part(a, "candidate").get("id") for a, gone in zip(applications, refused, strict=True) if gone}
    accepted = [a for a, gone in zip(applications, refused, strict=True) if not gone]
    world = World(accepted, rules, now.astimezone(UTC))
    decisions: list[Json] = []
    for index, application in enumerate(accepted):
        is_sibling = part(application, "candidate").get("id") in lost - {None}
        decisions += _decide_application(world, index, is_sibling)
    return decisions


def _decide_application(world: World, index: int, is_sibling: bool) -> list[Json]:
    decisions: list[Json] = []
    taken: set[tuple[str, str, str, str]] = set()
    for rule in world.rules:
        found = occasions_of(world.events[index], rule) if rule["kind"] == "follow_up" else None
        if found is None:
            continue
        anchor, occasions = found
        for name, contact in occasions:
            key = (rule["follow_up"], rule["direction"], rule["after"], name)
            place = recipient_place(world.applications[index], rule["direction"], contact)
            case = Case(world, index, rule, anchor, contact, place)
            settle_place(case)
            # "the first whose `when` holds is used, even if its time is over"; zone-unknown takes it too
            if key not in taken and evaluate(rule.get("when"), case) in (T, Z):
                taken.add(key)
                decisions.append(_decide_occasion(case, name, is_sibling))
    return decisions


def _decide_occasion(case: Case, occasion: str, is_sibling: bool) -> Json:
    """Fold the verdicts of one occasion, and remember a send as a touch at now."""
    sent = touches_of_occasion(case)
    steps = steps_of(case.rule)
    is_done = len(sent) >= len(steps)
    dates = Dates(None, None, None, False)
    if case.place.zone is not None and not is_done:
        dates = _dates(case, steps[len(sent)], base_of_step(case, sent))
    outcome, stopped_by = _fold(case, dates, is_done, is_sibling)
    if outcome.decision == "send":
        contacts = () if case.contact is None else (case.contact,)
        case.world.planned.append(Touch(case.index, case.direction, case.now, contacts, case.rule["follow_up"]))
    return {
        "application": case.application["id"],
        "follow_up": case.rule["follow_up"],
        "rule": case.rule["id"],
        "direction": case.direction,
        "step": min(len(sent) + 1, len(steps)),
        "occasion": occasion,
        "decision": outcome.decision,
        "reason": outcome.reason,
        "at": outcome.at,
        "due_at": dates.due,
        "expires_at": dates.expires,
        "decided_by": outcome.rule["id"],
        "stopped_by": stopped_by,
    }


def _dates(case: Case, step: Json, base: datetime) -> Dates:
    opens = plus(base, length_of(step.get("opens", "0 minutes")), case)
    due = plus(base, length_of(step["due"]), case) if "due" in step else None
    expires = plus(base, length_of(step["expires"]), case)
    never_comes = opens is None or expires is None or ("due" in step and due is None)
    return Dates(opens, due, expires, never_comes)


def _fold(case: Case, dates: Dates, is_done: bool, is_sibling: bool) -> tuple[Outcome, str | None]:
    """'`stop` beats `hold` beats `wait` beats `revise` beats `send`', with the orders among them."""
    stopped = first_stop(case)
    if stopped is not None:
        return Outcome("stop", "stopped", stopped[0]), stopped[1]
    if is_done:
        return Outcome("stop", "done", case.rule), None
    limit = limit_stop(case)
    if limit is not None:
        return Outcome("stop", "limit_reached", limit), None
    is_expired = dates.never_comes or (dates.expires is not None and case.now > dates.expires)
    # "only `stopped`, `done` and a limit without `within` come before" unknown_timezone: no dates, no expiry
    if case.place.zone is not None and is_expired:
        return Outcome("stop", "expired", case.rule), None
    return _hold(case, is_sibling) or _wait_or_send(case, dates), None


def _hold(case: Case, is_sibling: bool) -> Outcome | None:
    if case.application.get("status") == "on_hold":
        return Outcome("hold", "on_hold", case.rule)
    if case.place.zone is None:
        unsure = [r for r in case.world.rules if r is case.rule or _restricts_unsurely(r, case)]
        return Outcome("hold", "unknown_timezone", unsure[0])
    return Outcome("hold", "refused_sibling", case.rule) if is_sibling else None


def _restricts_unsurely(rule: Json, case: Case) -> bool:
    return rule["kind"] in ("stop", "limit", "cooldown", "send_window") and lacks_zone(rule, case)


def _wait_or_send(case: Case, dates: Dates) -> Outcome:
    """'Among waits (ties: opening first, then rule order) the latest time wins and is then moved'."""
    assert dates.opens is not None
    assert dates.expires is not None
    waits = [Wait("not_open_yet", dates.opens, case.rule)] if case.now < dates.opens else []
    order = {id(rule): position for position, rule in enumerate(case.world.rules)}
    others = limit_waits(case, dates.expires) + cooldown_waits(case, dates.expires)
    waits += sorted(others, key=lambda wait: order[id(wait.rule)])
    moments = [wait.until for wait in waits if wait.until is not None]
    moment = max(moments, default=case.now)
    shut = [window.rule for window in case.windows if not window.is_open(case.now)]
    if not waits and not shut:
        if case.now > dates.expires:
            raise AssertionError("expiry is judged before")
        return Outcome("send", "in_window", case.rule, case.now)
    expired = Outcome("stop", "expired", case.rule)
    if len(moments) < len(waits):  # business time that never comes
        return expired
    # searching up to `expires` is enough: "if the moment so found is after `expires`, or there is none ..."
    moved = next_open(moment, lambda t: all(w.is_open(t) for w in case.windows), dates.expires)
    if moved is None:
        return expired
    if not waits:
        return Outcome("wait", "outside_send_window", shut[0], moved)
    latest = next(wait for wait in waits if wait.until == moment)
    return Outcome("wait", latest.reason, latest.rule, moved)
