"""From facts about communes to indicators, and from indicators to the need index."""
