"""The numbers of a service for Prometheus. No label ever holds an id, a name or an address of anybody."""

from __future__ import annotations

import json

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from followup_rules.errors import FollowupRulesError
from followup_rules.outbox.inbox import waiting_notices
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.states import STATES
from followup_rules.outbox.timers import count_timers

_SOON = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Numbers:
    """Counted in this process; what stands in the store is counted when somebody asks."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self.registry = ledger, CollectorRegistry()
        self.requests = Counter(
            "followup_requests", "Answers, by route and status.", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "followup_request_seconds", "How long answers took.", ["route"], buckets=_SOON, registry=self.registry
        )
        self.notices = Counter(
            "followup_webhook_notices", "What webhooks told: new, known before, or refused.", ["adapter", "fate"],
            registry=self.registry,
        )  # fmt: skip
        self.actions = Counter(
            "followup_actions", "What became of actions here.", ["adapter", "fate"], registry=self.registry
        )
        self.decided = Counter("followup_decided_applications", "Applications decided.", registry=self.registry)
        self.refused = Gauge(
            "followup_rules_refused", "1 where the rules of the files cannot be used.", registry=self.registry
        )
        self._outbox = Gauge("followup_outbox", "Actions in the outbox, by state.", ["state"], registry=self.registry)
        self._inbox = Gauge("followup_inbox_waiting", "Notices that wait to be read.", registry=self.registry)
        self._timers = Gauge("followup_timers", "Applications that wait for a moment.", registry=self.registry)

    def take(self, line: bytes) -> None:
        """What a helper tells of its own."""
        try:
            told = json.loads(line)
            if "decided" in told:
                self.decided.inc(int(told["decided"]))
            else:
                self.became(str(told["adapter"]), str(told["fate"]))
        except (ValueError, TypeError, KeyError):
            return

    def became(self, adapter: str, fate: str) -> None:
        """Count what became of an action."""
        self.actions.labels(adapter, fate).inc()

    def exposition(self) -> tuple[bytes, str]:
        """All numbers as text, and what sort of text it is."""
        try:
            counts = self._ledger.counts()
            for state in STATES:
                self._outbox.labels(state).set(counts.get(state, 0))
            self._inbox.set(waiting_notices(self._ledger))
            self._timers.set(count_timers(self._ledger))
        except FollowupRulesError:
            # The store is away: what this process has counted is told all the same, and /readyz says so.
            pass
        return generate_latest(self.registry), CONTENT_TYPE_LATEST
