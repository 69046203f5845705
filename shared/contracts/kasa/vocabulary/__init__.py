"""The words of kasa, one module per subject."""
