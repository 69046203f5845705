"""The registry's published language: participants from application to six months after exit."""
