"""Persistence of event-sourced applications on MongoDB: ledger, vault, views' positions."""
