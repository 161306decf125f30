"""The service: webhooks, an API, health, metrics and pages over one store, one policy and one outbox."""
