"""Research's rules, without input or output."""
