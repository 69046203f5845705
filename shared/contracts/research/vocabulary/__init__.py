"""The words of research; a module per subject."""
