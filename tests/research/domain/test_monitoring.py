"""What the registry told is read as the registry reads it itself."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.personal_record import Parts, PersonalRecord
from services.research.domain.monitoring import Facts, known_on
from services.research.domain.strata import of_participant
from shared.contracts.registry.vocabulary import MonitoringData

DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 12))
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "sex": st.sampled_from(["female", "male"]),
        "education": st.sampled_from(["isced1", "isced3"]),
        "position": st.sampled_from(["clerk", "cook"]),
    },
)
FIELDS = st.none() | st.sets(
    st.sampled_from(["/monitoring/sex", "/monitoring/education", "/identity/pesel"]), min_size=1
).map(lambda found: tuple(sorted(found)))
STORIES = st.lists(st.tuples(DAYS, FIELDS, VALUES), max_size=8)


@given(STORIES, DAYS)
def test_updates_and_corrections_are_read_as_in_the_registry(
    story: list[tuple[date, tuple[str, ...] | None, dict[str, Any]]], day: date
) -> None:
    record, told = PersonalRecord(), []
    for on, fields, values in story:
        kept = values if fields is None else {n: v for n, v in values.items() if _named(n, fields)}
        parts = Parts(monitoring=MonitoringData.model_validate(kept))
        told.append(Facts(on, fields, kept))
        if fields is None:
            record.learn(parts, on)
        else:
            record.correct(parts, tuple(f for f in fields if f.startswith("/monitoring")), on)
    theirs = record.on(day).monitoring
    assert isinstance(theirs, MonitoringData)
    assert known_on(told, day) == theirs.model_dump(mode="json", exclude_none=True)


def _named(name: str, fields: tuple[str, ...]) -> bool:
    return f"/monitoring/{name}" in fields


def test_age_is_in_completed_years_and_in_fixed_bands() -> None:
    def band(born_on: str) -> str:
        monitored = {"born_on": born_on, "sex": "female"}
        return of_participant({}, monitored, ("age",), date(2026, 3, 2), (18, 30, 55))[0]

    assert band("1996-03-02") == "30-54"
    assert band("1996-03-03") == "18-29"
    assert band("1971-03-02") == "55+"
    assert band("2010-01-01") == "0-17"
    facts = {"kind": "staff", "partner": None}
    strata = ("kind", "partner", "sex", "age")
    assert of_participant(facts, {}, strata, date(2026, 3, 2), (18,)) == (
        "staff",
        "unknown",
        "unknown",
        "unknown",
    )
