"""The published language of reporting: facts known, indicators, plans, reports."""
