"""Kasa: the regional fund that advises and finances social enterprises."""
