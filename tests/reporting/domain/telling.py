"""Facts as other services would tell them, in few words."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.reporting.domain.history.facts import Fact, Known, Opened, Origin
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.indicators.counting import Counted, count
from services.reporting.domain.indicators.definition import IndicatorSet
from services.reporting.domain.indicators.frames import prepare

RULES: Final = Path(__file__).parents[3] / "services/reporting/rules/indicators"
EVER: Final = date(2030, 1, 1)
COMPLETE: Final = {
    "sex": "female",
    "born_on": "1990-05-05",
    "education": "isced3",
    "labour_status": "unemployed_registered",
}


def indicators(code: str) -> IndicatorSet:
    path = RULES / f"{code}.toml"
    return IndicatorSet.parse(path.name, path.read_text())


SETS: Final = {code: indicators(code) for code in ("equal", "esf2014", "esfplus", "project")}


def who(number: int) -> UUID:
    return UUID(int=number)


class Telling:
    """Collects facts; each is recorded on the day it occurred, unless another day is given."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._positions: dict[str, int] = {}

    def tell(
        self,
        kind: str,
        subject: int,
        on: date,
        /,
        *,
        recorded: date | None = None,
        monitoring: Opened = None,
        special: Opened = None,
        **data: Any,
    ) -> Fact:
        """`kind` without the version, e.g. `registry.participant_exited`."""
        ledger = kind.partition(".")[0]
        self._positions[ledger] = position = self._positions.get(ledger, 0) + 1
        at = datetime.combine(recorded or on, time(10), UTC)
        fact = Fact(
            who(subject),
            f"{kind}.v1",
            Origin(ledger, position, UUID(int=position + (1 << 64))),
            at,
            on,
            data,
            monitoring,
            special,
        )
        self.facts.append(fact)
        return fact

    def registered(
        self,
        subject: int,
        on: date,
        *,
        recorded: date | None = None,
        monitoring: dict[str, Any] | None = None,
        special: dict[str, Any] | None = None,
        kind: str = "dependent",
        partner: str = "mops",
    ) -> Fact:
        return self.tell(
            "registry.participant_registered",
            subject,
            on,
            recorded=recorded,
            monitoring={"monitoring": COMPLETE if monitoring is None else monitoring},
            special={"special": special} if special else None,
            applied_on=on.isoformat(),
            kind=kind,
            partner=partner,
        )

    def enrolled(self, subject: int, on: date, recorded: date | None = None) -> Fact:
        return self.tell(
            "registry.participant_enrolled",
            subject,
            on,
            recorded=recorded,
            started_on=on.isoformat(),
        )

    def exited(self, subject: int, on: date, recorded: date | None = None) -> Fact:
        return self.tell(
            "registry.participant_exited",
            subject,
            on,
            recorded=recorded,
            exited_on=on.isoformat(),
            as_planned=True,
        )

    def re_entered(self, subject: int, on: date, recorded: date | None = None) -> Fact:
        return self.tell(
            "registry.participant_re_entered",
            subject,
            on,
            recorded=recorded,
            re_entered_on=on.isoformat(),
        )

    def result(
        self,
        subject: int,
        on: date,
        *,
        later: bool = False,
        recorded: date | None = None,
        **situation: Any,
    ) -> Fact:
        return self.tell(
            f"registry.{'follow_up' if later else 'outcome'}_recorded",
            subject,
            on,
            recorded=recorded,
            monitoring={"situation": situation},
            observed_on=on.isoformat(),
        )

    def corrected(self, subject: int, on: date, in_force_on: date, **values: Any) -> Fact:
        return self.tell(
            "registry.participant_corrected",
            subject,
            on,
            monitoring={"monitoring": values},
            decided_on=on.isoformat(),
            in_force_on=in_force_on.isoformat(),
            fields=[f"/monitoring/{name}" for name in values],
        )

    def step_corrected(
        self,
        subject: int,
        on: date,
        step: str,
        was_on: date,
        is_on: date,
        situation: dict[str, Any] | None = None,
    ) -> Fact:
        return self.tell(
            "registry.steps_corrected",
            subject,
            on,
            monitoring={"situations": {"7": situation}} if situation else None,
            decided_on=on.isoformat(),
            steps=[
                {
                    "version": 7,
                    "step": step,
                    "was_on": was_on.isoformat(),
                    "is_on": is_on.isoformat(),
                    "as_planned": None,
                    "purpose": None,
                }
            ],
        )

    def merged(self, subject: int, into: int, on: date) -> Fact:
        return self.tell(
            "registry.participant_merged",
            subject,
            on,
            into=str(who(into)),
            decided_on=on.isoformat(),
        )

    def attended(
        self, session: int, on: date, recorded: date | None = None, **minutes: int
    ) -> Fact:
        """Minutes by `p` and the number of the participant."""
        return self.tell(
            "training.attendance_settled",
            session,
            on,
            recorded=recorded,
            held_on=on.isoformat(),
            edition_id=str(who(900)),
            minutes=max(minutes.values()),
            marks=[
                {"participant_id": str(who(int(name[1:]))), "minutes": number}
                for name, number in minutes.items()
            ],
        )


def counted(
    facts: Iterable[Fact], rules: IndicatorSet | str, on: date = EVER, known: date = EVER
) -> Counted:
    wanted = SETS[rules] if isinstance(rules, str) else rules
    return count(wanted, prepare(Knowledge.of(list(facts), Known(known)), on))


def numbers(
    facts: Iterable[Fact], rules: IndicatorSet | str, on: date = EVER, known: date = EVER
) -> dict[str, int | None]:
    found = counted(facts, rules, on, known)
    return {code: number.value for code, number in found.numbers.items()}
