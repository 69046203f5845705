"""The registry: participants from application to six months after exit."""
