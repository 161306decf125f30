"""The outbox: what shall be done, is being done and was done, in one ledger that survives crashes."""
