"""Answers one by one, for researchers: coarsened until nobody stands alone in them."""
