"""Every code a problem or finding can carry, with its one-line meaning. Each has a page in `docs/codes/`."""

from __future__ import annotations

CODES: dict[str, str] = {
    # files
    "FR001": "a file cannot be read",
    "FR002": "a file is not UTF-8 text",
    "FR003": "a file is not YAML",
    "FR004": "a file is empty",
    "FR005": "a file is too large, too deep or repeats itself too often",
    "FR006": "a key is given twice",
    "FR007": "YAML that the rule language does not use",
    "FR008": "nothing to check",
    # rule files
    "FR101": "a required key is missing",
    "FR102": "a value has the wrong type",
    "FR103": "a value is not allowed",
    "FR104": "an unknown key",
    "FR105": "an unknown kind of rule",
    "FR106": "a rule id is used twice",
    "FR107": "a length of time without a unit, or not a length",
    "FR108": "a send window that cannot be read",
    "FR109": "an unknown time zone",
    "FR110": "an unknown fact",
    "FR111": "a test of the wrong type",
    "FR112": "a condition that says nothing or has the wrong form",
    "FR113": "an anchor that a follow-up cannot count from",
    "FR114": "an unknown pack",
    "FR115": "a pack that extends itself",
    "FR116": "a rule that is disabled but not there",
    "FR117": "a follow-up without a stop",
    "FR118": "two packs bring different rules with one id",
    "FR119": "an unknown message check",
    "FR120": "a template that cannot be used",
    "FR121": "another version of the rule language",
    "FR122": "a rule for a follow-up that nobody sends",
    # applications
    "FR201": "input that is not JSON or YAML",
    "FR202": "a required key is missing in an application",
    "FR203": "a value of an application is wrong",
    "FR204": "an unknown key in an application",
    "FR205": "a time that is not exact",
    "FR206": "an application id is used twice",
    "FR207": "a contact that is not listed",
    "FR208": "an interview that is not there",
    "FR209": "two different events with one id",
    "FR210": "an application without a candidate id",
    "FR211": "an id that cannot be printed",
    # drafts
    "FR301": "a template needs a value that the application does not give",
    "FR302": "a template that failed while it was rendered",
    # tests
    "FR401": "an example that does not come out as it says",
    # engines and plugins
    "FR501": "two engines disagree",
    "FR502": "a plugin that failed to load",
}
