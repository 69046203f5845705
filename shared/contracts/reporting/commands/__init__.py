"""Commands of reporting; a module per subject. The caller and the command id travel beside them."""
