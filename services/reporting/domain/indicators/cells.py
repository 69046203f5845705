"""Cells by their names."""

Labels = tuple[tuple[str, str], ...]


def labels_of(name: str | None) -> Labels:
    """`sex:female,age_band:under_25` by dimension; nothing: the number itself."""
    if name is None:
        return ()
    parts = (part.partition(":") for part in name.split(","))
    return tuple((dimension, value) for dimension, _, value in parts)
