"""Files that come in and go out: marks as CSV, certificates and sign-in lists as PDF."""
