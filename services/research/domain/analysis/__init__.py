"""From answers to numbers; without input or output."""
