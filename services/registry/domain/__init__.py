"""Aggregates and rules of the registry; pure, so that time, ids and rules are passed in."""
