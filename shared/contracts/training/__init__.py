"""The published language of training: programmes, editions, attendance, outcomes, certificates."""
