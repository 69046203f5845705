"""Audit: the histories of all services as logs that outsiders can verify."""
