"""The offline pack: how it is written, and the script that verifies it without this platform."""
