"""Samples, by group; no group is told of that is too small."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from services.research.domain.sampling import Values, tellable
from services.research.queries.reading import Reading, in_reach
from shared.contracts.research.views import ById
from shared.contracts.research.views import samples as views
from shared.contracts.research.vocabulary.samples import DrawnGroup
from shared.eventstore.acts import Act
from shared.kernel.personal import Absent, SealedBox
from shared.runtime.documents import existing, facts_for
from shared.runtime.views import Document


class Samples:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._samples = reading.views["samples"]

    def get_sample(self, request: ById, act: Act) -> views.Sample:
        document = existing(self._samples, request.id, in_reach(act.caller))
        smallest = self._reading.rules.samples.smallest_group.on(self._reading.today())
        groups = tuple(_groups(self._opened(document), smallest))
        return views.Sample.model_validate(facts_for(document, views.Sample) | {"groups": groups})

    def _opened(self, document: Document) -> Mapping[str, Any]:
        opened = self._reading.vault.open(SealedBox.model_validate(document["box"]))
        return {"strata": []} if isinstance(opened, Absent) else opened


def _groups(opened: Mapping[str, Any], smallest: int) -> Iterator[DrawnGroup]:
    """Told by the number of those drawn; the frame has as many or more."""
    strata = {tuple(each["values"]): each for each in opened["strata"]}
    sizes: dict[Values, int] = {values: each["drawn"] for values, each in strata.items()}
    alone, together = tellable(sizes, smallest)
    for values in alone:
        yield _group(values, Counter(_counts(strata[values])))
    if together:
        whole: Counter[str] = Counter()
        for values in together:
            whole.update(_counts(strata[values]))
        yield _group(None, whole)


def _counts(stratum: Mapping[str, Any]) -> dict[str, int]:
    return {"frame_size": stratum["frame_size"], "drawn": stratum["drawn"]}


def _group(values: Values | None, counts: Mapping[str, int]) -> DrawnGroup:
    return DrawnGroup.model_validate({"values": values} | dict(counts))
