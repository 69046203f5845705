"""One module per service, each with its `ENDPOINTS`; found by listing this folder."""
