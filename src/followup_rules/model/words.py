"""The words of the rule language, chosen once."""

from __future__ import annotations

from typing import Final, Literal, get_args

Direction = Literal["candidate_to_employer", "employer_to_candidate"]
Side = Literal["candidate", "employer"]
Status = Literal["active", "on_hold", "rejected", "withdrawn", "hired"]
EventType = Literal[
    "applied",
    "interview_scheduled",
    "interview_completed",
    "interview_canceled",
    "message",
    "decision_promised",
    "stage_changed",
    "meeting_booked",
    "offer_made",
    "rejected",
    "withdrawn",
    "hired",
    "opted_out",
    "opted_in",
    "bounced",
    "note",
]
Do = Literal["draft_message", "send_message", "create_task", "add_note"]
Severity = Literal["error", "warning", "suggestion"]
Per = Literal["application", "candidate", "recipient"]
Outcome = Literal["send", "wait", "revise", "hold", "stop"]
Reason = Literal[
    "in_window",
    "not_open_yet",
    "outside_send_window",
    "cooldown",
    "limit_reached",
    "stopped",
    "expired",
    "done",
    "draft_has_errors",
    "unknown_timezone",
    "on_hold",
    "refused_sibling",
    "engines_disagree",
]

DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)
EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)
STATUSES: Final[tuple[Status, ...]] = get_args(Status)

# A status that also stops while it lasts.
ENDED: Final = ("rejected", "withdrawn", "hired")

WRITER: Final[dict[Direction, Side]] = {
    "candidate_to_employer": "candidate",
    "employer_to_candidate": "employer",
}
READER: Final[dict[Direction, Side]] = {
    "candidate_to_employer": "employer",
    "employer_to_candidate": "candidate",
}

# A message labelled so is ordinary talk that uses up no step.
ORDINARY_TALK: Final = "none"
