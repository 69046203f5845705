"""Kasa, the regional fund: enterprises, advice, de minimis aid, loans, grants, the fund's ledger."""
