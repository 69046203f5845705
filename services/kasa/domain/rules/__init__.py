"""The fund's dated parameters by subject; the values stand in `services/kasa/rules/SUBJECT`."""
