"""Views of the fund by subject: what queries answer."""
