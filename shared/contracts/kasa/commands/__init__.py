"""Commands of kasa, imperative; a module per subject. The caller and the command id travel beside."""
