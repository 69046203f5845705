"""The published language of the fund: enterprises, advice, calls, loans, grants, the ledger."""
