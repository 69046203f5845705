"""Files of participants: read from what institutions send, and sent back annotated."""
