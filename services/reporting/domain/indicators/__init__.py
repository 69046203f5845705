"""Numbers: defined as data, counted, proved by evidence, and their differences explained."""
