"""What others may know of the audit: logs, checkpoints, proofs."""
