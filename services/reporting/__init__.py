"""Reporting: every number for the EU, computed from events, explained, the same for ever."""
