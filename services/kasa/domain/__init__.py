"""Kasa's rules, without input or output."""
