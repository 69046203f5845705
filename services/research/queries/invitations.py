"""What became of the invitations of a wave; no group is told of that is too small."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from services.research.domain.sampling import Values, tellable
from services.research.queries.reading import Reading, in_reach
from shared.contracts.research.views import ById
from shared.contracts.research.views import invitations as views
from shared.contracts.research.vocabulary.samples import InvitationState, RateGroup
from shared.eventstore.acts import Act
from shared.kernel.personal import Absent, SealedBox
from shared.runtime.documents import existing
from shared.runtime.views import Document

BEGUN: Final = (InvitationState.BEGUN, InvitationState.SUBMITTED)


class Invitations:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._waves = reading.views["invited_waves"]
        self._invitations = reading.views["invitations"]
        self._samples = reading.views["samples"]
        self._studies = reading.views["studies"]

    def get_response_rates(self, request: ById, act: Act) -> views.ResponseRates:
        document = existing(self._waves, request.id, in_reach(act.caller))
        found = list(self._invitations.find({"wave_id": document["_id"]}))
        sample = self._samples.find_one({"_id": document["_id"]})
        drawn = sample["size"] if sample else 0
        counts = Counter({"drawn": drawn}) + _counts(each["state"] for each in found)
        return views.ResponseRates(
            id=request.id,
            study_id=UUID(document["study_id"]),
            mode=document["mode"],
            total=_group(None, counts),
            groups=tuple(self._groups(sample, found)) if sample else (),
            reminders=tuple(_reminders(self._wave(document), document["reminded"])),
        )

    def _wave(self, document: Document) -> Document:
        study = existing(self._studies, UUID(document["study_id"]))
        found: Document = next(
            each for each in study["waves"] if each["wave_id"] == document["_id"]
        )
        return found

    def _groups(self, sample: Document, invitations: Iterable[Document]) -> Iterator[RateGroup]:
        """Only those whom an invitation names can be counted by group."""
        states = self._states(invitations)
        opened = self._reading.vault.open(SealedBox.model_validate(sample["box"]))
        if isinstance(opened, Absent) or not states:
            return
        strata: list[Values] = [tuple(each["values"]) for each in opened["strata"]]
        by_stratum: dict[Values, Counter[str]] = {values: Counter() for values in strata}
        for member in opened["members"]:
            counts = by_stratum[strata[member["stratum"]]]
            counts["drawn"] += 1
            counts.update(_counts([states[p]] if (p := member["pseudonym"]) in states else []))
        smallest = self._reading.rules.samples.smallest_group.on(self._reading.today())
        sizes = {values: counts["drawn"] for values, counts in by_stratum.items()}
        alone, together = tellable(sizes, smallest)
        for values in alone:
            yield _group(values, by_stratum[values])
        if together:
            whole: Counter[str] = Counter()
            for values in together:
                whole.update(by_stratum[values])
            yield _group(None, whole)

    def _states(self, invitations: Iterable[Document]) -> Mapping[str, str]:
        """By pseudonym, as long as the wave is not anonymised."""
        named = [each for each in invitations if each["pseudonym"]]
        boxes = [SealedBox.model_validate(each["pseudonym"]) for each in named]
        return {
            opened["pseudonym"]: each["state"]
            for each, opened in zip(named, self._reading.vault.open_many(boxes), strict=True)
            if not isinstance(opened, Absent) and opened["pseudonym"]
        }


def _counts(states: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for state in states:
        counts["invited"] += 1
        counts["begun"] += state in BEGUN
        counts["submitted"] += state == InvitationState.SUBMITTED
        counts["declined"] += state == InvitationState.DECLINED
    return counts


def _group(values: Values | None, counts: Mapping[str, int]) -> RateGroup:
    names = RateGroup.model_fields.keys() - {"values"}
    return RateGroup(values=values, **{name: counts.get(name, 0) for name in names})


def _reminders(wave: Mapping[str, Any], sent: Mapping[str, str]) -> Iterator[views.Reminder]:
    """Days count from the opening; before it, from the day for which it is planned."""
    begins = date.fromisoformat(wave["opened_on"] or wave["plan"]["opens_on"])
    for day in wave["plan"]["reminders"]:
        on = sent.get(str(day))
        yield views.Reminder(
            day=day, due_on=begins + timedelta(day), sent_on=date.fromisoformat(on) if on else None
        )
