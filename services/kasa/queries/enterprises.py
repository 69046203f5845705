"""Enterprises, whether a group may found, and what is due."""

from collections.abc import Iterator
from uuid import UUID

from services.kasa.domain.enterprise_history import Member
from services.kasa.domain.founding import founding_gaps
from services.kasa.queries.reading import Reading, found_in_reach, in_reach
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import enterprises as views
from shared.contracts.kasa.vocabulary.enterprises import EnterpriseKind, EnterpriseState, Nature
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting
from shared.runtime.paging import Place
from shared.runtime.views import Document


class Enterprises:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._enterprises = reading.views["enterprises"]

    def get_enterprise(self, request: ById, act: Act) -> views.Enterprise:
        document = found_in_reach(self._enterprises, request.id, act.caller)
        facts = {
            name: document[name]
            for name in views.Enterprise.model_fields
            if name not in {"id", "duties", "members"}
        }
        return views.Enterprise.model_validate(
            facts
            | {
                "id": document["_id"],
                "duties": tuple(self._duties(document)),
                "members": [_without_counts(each) for each in document["members"]],
            }
        )

    def list_enterprises(self, request: views.ListEnterprises, act: Act) -> views.EnterprisePage:
        place = Place.of(request.cursor, request.changed_since)
        state = {} if request.state is None else {"state": request.state.value}
        found = place.find(self._enterprises, in_reach(act.caller) | state, request.limit)
        items = fitting([_row(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.EnterprisePage(items=tuple(items), next_cursor=next_cursor, position=position)

    def check_founding(self, request: views.CheckFounding, act: Act) -> views.Founding:
        """Refused as `kasa.founding_without_rule` for other kinds than social cooperatives."""
        document = found_in_reach(self._enterprises, request.enterprise_id, act.caller)
        if document["state"] != EnterpriseState.FOUNDING:
            raise Rejected(
                "kasa.enterprise_state",
                {"state": document["state"], "expected": [EnterpriseState.FOUNDING.value]},
            )
        if document["kind"] != EnterpriseKind.SOCIAL_COOPERATIVE:
            raise Rejected("kasa.founding_without_rule")
        nature = Nature(document["founded_by"])
        period = self._reading.rules.enterprises.founding(nature).period_on(request.day, "/day")
        founders = [_member(each) for each in document["members"] if each["counts"]]
        gaps = founding_gaps(founders, period.value, nature, converted=document["converted"])
        return views.Founding(
            day=request.day,
            article=period.value.article,
            rule_from=period.valid_from,
            gaps=tuple(
                views.Gap(kind=each.kind, have=each.have, required=each.required) for each in gaps
            ),
        )

    def list_duties(self, request: views.ListDuties, act: Act) -> views.DutyList:
        """Open ones, the most pressing first."""
        due_by = request.due_by.isoformat()
        condition: Document = {
            "state": EnterpriseState.ACTIVE.value,
            "duties": {"$elemMatch": {"open": True, "due_on": {"$lte": due_by}}},
        }
        found = self._enterprises.find(in_reach(act.caller) | condition)
        due = [
            views.DueDuty(
                enterprise_id=UUID(document["_id"]),
                code=document["code"],
                name=document["name"],
                duty=duty,
            )
            for document in found
            for duty in self._duties(document)
            if duty.open and duty.due_on <= request.due_by
        ]
        due.sort(key=lambda each: (each.duty.due_on, each.code, each.duty.kind))
        return views.DutyList(items=tuple(fitting(due)))

    def _duties(self, document: Document) -> Iterator[views.Duty]:
        today = self._reading.today().isoformat()
        for each in document["duties"]:
            overdue = each["open"] and each["due_on"] < today
            yield views.Duty.model_validate(each | {"overdue": overdue})


def _without_counts(member: Document) -> Document:
    return {name: value for name, value in member.items() if name != "counts"}


def _member(document: Document) -> Member:
    view = views.Member.model_validate(_without_counts(document))
    return Member(view.person, view.nature, view.entitled, view.since, view.until)


def _row(document: Document) -> views.EnterpriseRow:
    return views.EnterpriseRow(
        id=UUID(document["_id"]),
        version=document["version"],
        code=document["code"],
        name=document["name"],
        kind=document["kind"],
        state=document["state"],
        partner=document["partner"],
        teryt=document["teryt"],
        members=document["current_members"],
        employed=document["employed"],
    )
