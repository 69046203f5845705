"""Weights after the fact: each stratum counts for as many as it has in the frame it was drawn from."""

from collections.abc import Mapping

from shared.kernel.errors import Rejected


def post_stratified(
    population: Mapping[str, int],
    strata: Mapping[str, str],
    *,
    merged: Mapping[str, str] | None = None,
) -> Mapping[str, float]:
    """The weight of each respondent: the size of the stratum by the respondents in it, so that weights
    sum to the population (Holt and Smith, J. R. Statist. Soc. A 142, 1979).

    `strata` tells each respondent's stratum; `merged` renames strata that are weighted as one. Raises
    `research.stratum_not_drawn` and, because nobody can stand for a stratum without an answer,
    `research.stratum_unanswered`: it has to be merged with one like it.
    """
    names = merged or {}
    sizes: dict[str, int] = {}
    for stratum, size in population.items():
        into = names.get(stratum, stratum)
        sizes[into] = sizes.get(into, 0) + size
    answered: dict[str, int] = {}
    for stratum in strata.values():
        into = names.get(stratum, stratum)
        if not sizes.get(into):
            raise Rejected("research.stratum_not_drawn", {"stratum": stratum})
        answered[into] = answered.get(into, 0) + 1
    silent = sorted(stratum for stratum, size in sizes.items() if size and stratum not in answered)
    if silent:
        raise Rejected("research.stratum_unanswered", {"strata": silent})
    return {
        respondent: sizes[into] / answered[into]
        for respondent, stratum in strata.items()
        for into in [names.get(stratum, stratum)]
    }
