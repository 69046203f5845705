"""By what the units of a frame are grouped."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from services.research.domain.sampling import Values
from shared.contracts.research.vocabulary.samples import Frame
from shared.kernel.errors import Rejected

UNKNOWN: Final = "unknown"
AGE: Final = "age"
MONITORED: Final = ("sex", "education", "labour_status")
"""Fields of the registry's monitoring data; what is asked of them is opened, and nothing else."""
PERSONAL: Final = frozenset({AGE, *MONITORED})
FIELDS: Final[Mapping[Frame, frozenset[str]]] = {
    Frame.REGISTRY: frozenset({"kind", "partner"}) | PERSONAL,
    Frame.ENTERPRISES: frozenset({"kind", "partner", "commune", "county"}),
}


def require_known(frame: Frame, strata: Sequence[str]) -> None:
    """Raises `research.stratum_unknown`."""
    known = FIELDS[frame]
    for index, name in enumerate(strata):
        if name not in known:
            raise Rejected(
                "research.stratum_unknown", {"known": sorted(known)}, f"/choice/strata/{index}"
            )


def of_participant(
    facts: Mapping[str, Any],
    monitored: Mapping[str, Any],
    strata: Sequence[str],
    day: date,
    bands: Sequence[int],
) -> Values:
    """`facts` are what is known in clear, `monitored` what the boxes held."""
    known = dict(facts) | {name: monitored.get(name) for name in MONITORED}
    if AGE in strata:
        known[AGE] = _age_band(monitored.get("born_on"), day, bands)
    return tuple(known.get(name) or UNKNOWN for name in strata)


def of_enterprise(facts: Mapping[str, Any], strata: Sequence[str]) -> Values:
    teryt = str(facts["teryt"])
    told = {"commune": teryt, "county": teryt[:4]}
    return tuple(told.get(name) or facts.get(name) or UNKNOWN for name in strata)


def _age_band(born_on: str | None, day: date, bands: Sequence[int]) -> str | None:
    """Completed years on the day, as `18-29` or `55+`; `bands` are the first years of each band."""
    if born_on is None:
        return None
    born = date.fromisoformat(born_on)
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    begun = [index for index, first in enumerate(bands) if first <= age]
    if not begun:
        return f"0-{bands[0] - 1}"
    first, following = bands[begun[-1]], bands[begun[-1] + 1 :]
    return f"{first}-{following[0] - 1}" if following else f"{first}+"
