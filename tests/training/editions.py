"""Editions as tests need them: opened, with a contract and a timetable."""

from typing import Any
from uuid import UUID

from shared.contracts.training import commands
from shared.contracts.training.vocabulary import GroupLimits, Session
from tests.training.conftest import Driven
from tests.training.domain.courses import APPROVED, OPENED, TODAY, content, contract, sessions

PARTNER = "mops-gdansk"


def open_edition(training: Driven, group: int = 0, **changes: Any) -> UUID:
    """An edition of a programme of its own, without a timetable; two places, unless said otherwise."""
    taught = changes.pop("content", content()).model_copy(update={"code": f"KUCH/{group}"})
    programme = commands.OpenProgramme(content=taught, approved_on=APPROVED)
    facts: dict[str, Any] = {
        "programme_id": training.do(programme).id,
        "code": f"KUCH/2026/{group}",
        "partner": PARTNER,
        "place": "Gdańsk, Długa 1",
        "opened_on": OPENED,
        "limits": GroupLimits(minimum=1, maximum=2),
        "limits_justification": "A small kitchen",
    }
    return training.do(commands.OpenEdition(**(facts | changes))).id


def contract_trainer(training: Driven, edition: UUID, trainer: str) -> None:
    training.do(
        commands.ContractTrainer(edition_id=edition, contract=contract(trainer), signed_on=OPENED)
    )


def timetable(edition: UUID, of: tuple[Session, ...], reason: str | None = None) -> Any:
    return commands.SetTimetable(edition_id=edition, sessions=of, decided_on=TODAY, reason=reason)


def scheduled(training: Driven, group: int = 0, **changes: Any) -> UUID:
    """An edition with the timetable `sessions(group)`, taught by `trainer-{group}`."""
    edition = open_edition(training, group, **changes)
    contract_trainer(training, edition, f"trainer-{group}")
    training.do(timetable(edition, sessions(group)))
    return edition


def enrolment(edition: UUID, participant: UUID, **changes: Any) -> commands.EnrolOnEdition:
    facts = {"edition_id": edition, "participant_id": participant, "enrolled_on": TODAY}
    return commands.EnrolOnEdition(**(facts | changes))
