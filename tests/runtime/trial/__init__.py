"""A ledger of counters and its read models, for the followers under test."""
