"""Where a text thanks its reader: the words of thanks, judged by their grammar, and other wordings."""

from __future__ import annotations

from collections.abc import Iterator

from followup_rules.quality.chains import Match, chains
from followup_rules.quality.favours import is_favour
from followup_rules.quality.quotation import is_within, quotations
from followup_rules.quality.text import Span, Text
from followup_rules.quality.thanking import Words, has, ironic, judges


def thanks_in(text: Text, *, closing: bool = True) -> Iterator[Span]:
    """The places where the writer thanks, in order; `closing` says whether the farewell counts."""
    lowers, starts, ends = text.lowers, text.starts, text.ends
    quoted = quotations(text.body)
    for sentence in text.sentences:
        if sentence.end <= text.greeting.end:
            continue  # 'Dear Ms Asante,'
        if sentence.start >= text.closing and not closing:
            return
        for first, last in _in_sentence(lowers, sentence.first, sentence.last, sentence.start >= text.closing):
            span = Span(starts[first], ends[last - 1])
            if not is_within(quoted, *span):
                yield span


def _in_sentence(lowers: Words, first: int, last: int, farewell: bool) -> Iterator[tuple[int, int]]:
    for at in range(first, last):
        judge = judges().get(lowers[at])
        if judge is not None and (farewell or judge(lowers[first:at], lowers[at + 1 : last])):
            yield at, at + 1
    for match in chains("thanks").find(lowers, first, last):
        if _idiom_counts(
            match, lowers[first : match.first], lowers[match.first : match.last], lowers[match.last : last]
        ):
            yield match.first, match.last
    if is_favour(lowers[first:last]):
        yield first, last


def _idiom_counts(match: Match, before: Words, found: Words, after: Words) -> bool:
    if has(before[-4:], "would") or "if" in before[-4:] or "if" in after[:1] or _grudging(after):
        return False
    if match.tag == "debt":
        return (
            bool(after)
            and "that" not in before[-1:]
            and not has(after[: after.index("for")] if "for" in after else after[:5], "owed")
        )
    if match.tag == "meant":
        return has(before, "reader") or has(after[:4], "reader") or (len(before) == 1 and has(before, "pointer"))
    if match.tag == "worth":
        return has(before, "reader") and after[:1] != ("of",)
    if match.tag == "value":
        return not after or after[0] != "i"
    if match.tag == "short":
        return not ironic((found[-1], *after))
    return not (has(found, "negation") and "no" in found) and "who" not in before[-2:]


def _grudging(after: Words) -> bool:
    """'How good of you to answer after only two months' is no thanks."""
    return has(after[:9], "merely") and has(after[:9], "long time")
