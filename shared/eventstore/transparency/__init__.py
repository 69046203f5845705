"""The tamper-evident log: Merkle trees over ledgers, signed checkpoints, proofs that leave the machine.

Pure, but for `stored` (ledgers as the database has them) and `mongodb` (tiles). Formats are those of RFC 9162 and of the C2SP specifications
signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature and tlog-proof, so that an auditor may
verify with software that is not ours.
"""
