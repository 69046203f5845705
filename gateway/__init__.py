"""The HTTP face of the platform: one request becomes one remote call."""
