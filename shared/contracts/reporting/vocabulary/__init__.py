"""The words of reporting; a module per subject."""
