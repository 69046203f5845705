"""Verifies packs. The pack carries it as one script (`script.py`), which shares no code with the platform."""
