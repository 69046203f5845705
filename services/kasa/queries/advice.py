"""Cases of advice, and whether their clients are ready to apply."""

from datetime import date
from uuid import UUID

from services.kasa.domain.readiness import Proof, readiness
from services.kasa.queries.reading import Reading, found_in_reach, in_reach
from shared.contracts.kasa.views import advice as views
from shared.contracts.kasa.vocabulary.enterprises import EnterpriseState
from shared.eventstore.acts import Act
from shared.messaging.wire import fitting
from shared.runtime.paging import Place
from shared.runtime.views import Document


class Advice:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._cases = reading.views["advice_cases"]
        self._enterprises = reading.views["enterprises"]

    def get_advice_case(self, request: views.GetAdviceCase, act: Act) -> views.AdviceCase:
        document = found_in_reach(self._cases, request.id, act.caller)
        return views.AdviceCase(
            id=UUID(document["_id"]),
            version=document["version"],
            enterprise_id=document["enterprise_id"],
            partner=document["partner"],
            opened_on=document["opened_on"],
            closed_on=document["closed_on"],
            end=document["end"],
            consultations=document["consultations"],
            readiness=self._readiness(document, request.day or self._reading.today()),
        )

    def list_advice_cases(self, request: views.ListAdviceCases, act: Act) -> views.AdviceCasePage:
        place = Place.of(request.cursor, request.changed_since)
        of = {} if request.enterprise_id is None else {"enterprise_id": str(request.enterprise_id)}
        found = place.find(self._cases, in_reach(act.caller) | of, request.limit)
        items = fitting([_row(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.AdviceCasePage(items=tuple(items), next_cursor=next_cursor, position=position)

    def _readiness(self, document: Document, day: date) -> views.Readiness:
        enterprise = self._enterprises.find_one({"_id": document["enterprise_id"]}) or {}
        founded_on = enterprise.get("founded_on")
        founding = founded_on is None or day.isoformat() < founded_on
        found = readiness(
            [
                (date.fromisoformat(each["held_on"]), each["minutes"])
                for each in document["consultations"]
            ],
            {
                item: Proof(date.fromisoformat(each["met_on"]), each["evidence"])
                for item, each in document["met"].items()
            },
            EnterpriseState.FOUNDING if founding else EnterpriseState.ACTIVE,
            day,
            self._reading.rules.advice,
        )
        return views.Readiness(
            ready=found.ready,
            list_from=found.list_from,
            minutes=found.minutes,
            minutes_required=found.minutes_required,
            items=found.items,
        )


def _row(document: Document) -> views.AdviceCaseRow:
    return views.AdviceCaseRow(
        id=UUID(document["_id"]),
        version=document["version"],
        enterprise_id=document["enterprise_id"],
        opened_on=document["opened_on"],
        closed_on=document["closed_on"],
        consultations=len(document["consultations"]),
        minutes=sum(each["minutes"] for each in document["consultations"]),
    )
