"""Training: programmes, editions, attendance, outcomes, certificates."""
