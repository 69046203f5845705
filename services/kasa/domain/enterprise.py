"""What may happen to an enterprise: founding, members, job places, the status of a social enterprise."""

from datetime import date
from typing import Final
from uuid import UUID

from services.kasa.domain.enterprise_history import EnterpriseHistory, Joining, Member
from services.kasa.domain.founding import (
    PER_CENT,
    Gap,
    entitled_needed,
    founding_gaps,
    may_exceed,
)
from services.kasa.domain.identifiers import (
    checked_identifiers,
    checked_teryt,
    require_no_pesel,
)
from services.kasa.domain.rules.enterprises import EnterpriseRules
from shared.contracts.kasa.vocabulary.enterprises import (
    EnterpriseKind,
    EnterpriseState,
    FullTimeShare,
    Identifiers,
    Krs,
    LostPlace,
    Nature,
    Person,
)
from shared.contracts.vocabulary import Reference
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected

FOUNDING, ACTIVE = EnterpriseState.FOUNDING, EnterpriseState.ACTIVE
OPEN: Final = (FOUNDING, ACTIVE)


class Enterprise(EnterpriseHistory):
    """Its id derives from its code (`id_of("enterprise", code)`), so a code is used once."""

    def register(
        self, terms: dict[str, object], *, registered_on: date, today: date, rules: EnterpriseRules
    ) -> None:
        """`terms` are the facts of `Registered`, as the command gives them.

        Raises `kasa.code_taken`, and what the checks of identifiers raise.
        """
        if self.registered is not None:
            raise Rejected("kasa.code_taken", pointer="/code")
        require_come(registered_on, today, "/registered_on")
        checked_teryt(str(terms["teryt"]), registered_on, rules, "/teryt")
        identifiers = checked_identifiers(Identifiers.model_validate(terms["identifiers"]))
        self.record(
            self.Registered, occurred_on=registered_on, **terms | {"identifiers": identifiers}
        )

    def set_identifiers(self, *, identifiers: Identifiers, set_on: date, today: date) -> None:
        """The numbers as they are now. Those of an enterprise in the register keep its KRS number."""
        self._require(*OPEN)
        self._require_day(set_on, today, "/set_on")
        checked = checked_identifiers(identifiers)
        if self.founded is not None and checked.krs != self.identifiers.krs:
            raise Rejected("kasa.krs_fixed", {"krs": self.identifiers.krs}, "/identifiers/krs")
        if checked != self.identifiers:
            self.record(self.IdentifiersSet, occurred_on=set_on, identifiers=checked)

    def add_founder(
        self,
        member_id: UUID,
        *,
        person: Person,
        nature: Nature,
        entitled: bool,
        added_on: date,
        today: date,
    ) -> None:
        self._require(FOUNDING)
        self._require_day(added_on, today, "/added_on")
        self._join(self.FounderAdded, member_id, person, nature, entitled, added_on)

    def remove_founder(self, *, member_id: UUID, removed_on: date, today: date) -> None:
        self._require(FOUNDING)
        member = self._member(member_id)
        self._require_day(removed_on, today, "/removed_on", member.since)
        self.record(self.FounderRemoved, occurred_on=removed_on, member_id=member_id)

    def found(self, *, krs: Krs, entered_on: date, today: date, rules: EnterpriseRules) -> None:
        """Entered in the National Court Register on a day, perhaps long before kasa knew of it, by the
        rules in force on that day.

        Raises `kasa.founding_rule`, naming rule, article and figures.
        """
        self._require(FOUNDING)
        require_come(entered_on, today, "/entered_on")
        checked_identifiers(Identifiers(krs=krs), "")
        founders, terms = self.current_members, self.terms
        period = None
        if terms.kind is EnterpriseKind.SOCIAL_COOPERATIVE:
            period = rules.founding(terms.founded_by).period_on(entered_on, "/entered_on")
            gaps = founding_gaps(
                founders, period.value, terms.founded_by, converted=terms.converted
            )
            if gaps:
                article, since = period.value.article, period.valid_from
                raise Rejected("kasa.founding_rule", _refusal(article, since, *gaps))
        self.record(
            self.Founded,
            occurred_on=entered_on,
            krs=krs,
            founders=len(founders),
            entitled=sum(each.entitled for each in founders),
            article=period and period.value.article,
            rule_from=period and period.valid_from,
            code=terms.code,
            kind=terms.kind,
            partner=terms.partner,
            teryt=terms.teryt,
        )

    def join(
        self,
        member_id: UUID,
        *,
        person: Person,
        nature: Nature,
        entitled: bool,
        joined_on: date,
        today: date,
        rules: EnterpriseRules,
    ) -> None:
        """Raises `kasa.members_maximum` and `kasa.entitled_share`, by the rule in force on the day."""
        self._require(ACTIVE)
        self._require_day(joined_on, today, "/joined_on", self._founded_on)
        if self.terms.kind is EnterpriseKind.SOCIAL_COOPERATIVE:
            self._require_room(entitled=entitled, on=joined_on, rules=rules)
        self._join(self.MemberJoined, member_id, person, nature, entitled, joined_on)

    def leave(self, *, member_id: UUID, left_on: date, today: date) -> None:
        """A fact: what follows from too few members is a duty."""
        self._require(ACTIVE)
        member = self._member(member_id)
        self._require_day(left_on, today, "/left_on", member.since)
        self.record(self.MemberLeft, occurred_on=left_on, member_id=member_id)

    def create_job_place(
        self,
        place_id: UUID,
        *,
        person: Person | None,
        share: FullTimeShare,
        entitled: bool,
        created_on: date,
        today: date,
    ) -> None:
        """Raises `kasa.entitled_place_vacant` for an entitled person who is not there."""
        self._require(ACTIVE)
        self._require_day(created_on, today, "/created_on", self._founded_on)
        if entitled and person is None:
            raise Rejected("kasa.entitled_place_vacant", pointer="/entitled")
        if person is not None:
            require_no_pesel(person)
        self.record(
            self.JobPlaceCreated,
            occurred_on=created_on,
            place_id=place_id,
            person=person,
            share=share,
            entitled=entitled,
        )

    def lose_job_place(
        self, *, place_id: UUID, cause: LostPlace, lost_on: date, today: date
    ) -> None:
        place = self.places.get(place_id)
        if place is None or place.lost_on is not None:
            raise Rejected("kasa.place_unknown", pointer="/place_id")
        self._require_day(lost_on, today, "/lost_on", place.since)
        self.record(
            self.JobPlaceLost,
            occurred_on=lost_on,
            place_id=place_id,
            person=place.person,
            created_on=place.since,
            cause=cause,
        )

    def grant_status(
        self,
        *,
        decision: Reference,
        reintegration: bool,
        granted_on: date,
        today: date,
        rules: EnterpriseRules,
    ) -> None:
        """The voivode's decision on the status of a social enterprise. Raises `kasa.status_rule`."""
        self._require(ACTIVE)
        self._require_day(granted_on, today, "/granted_on", self._founded_on)
        if self.status is not None:
            raise Rejected("kasa.status_granted", {"decision": self.status.decision})
        period = rules.social_enterprise_status.period_on(granted_on, "/granted_on")
        rule, employees = period.value, len(self.employed)
        entitled = sum(each.entitled for each in self.employed)
        percent = rule.entitled_percent_of_reintegration if reintegration else 0
        if employees < rule.employees or entitled < entitled_needed(employees, percent):
            raise Rejected(
                "kasa.status_rule",
                {
                    "article": rule.article,
                    "rule_from": period.valid_from.isoformat(),
                    "employees": employees,
                    "employees_required": rule.employees,
                    "entitled": entitled,
                    "entitled_required": entitled_needed(employees, percent),
                },
            )
        self.record(
            self.StatusGranted,
            occurred_on=granted_on,
            decision=decision,
            reintegration=reintegration,
            employees=employees,
            entitled=entitled,
            article=rule.article,
        )

    def withdraw_status(self, *, decision: Reference, withdrawn_on: date, today: date) -> None:
        if self.status is None:
            raise Rejected("kasa.status_missing")
        self._require_day(withdrawn_on, today, "/withdrawn_on", self.status.occurred_on)
        self.record(self.StatusWithdrawn, occurred_on=withdrawn_on, decision=decision)

    def close(self, *, closed_on: date, today: date) -> None:
        """Its job places are lost with it."""
        self._require(*OPEN)
        self._require_day(closed_on, today, "/closed_on")
        for place_id in [each for each, place in self.places.items() if place.lost_on is None]:
            self.lose_job_place(
                place_id=place_id,
                cause=LostPlace.ENTERPRISE_CLOSED,
                lost_on=closed_on,
                today=today,
            )
        self.record(self.Closed, occurred_on=closed_on)

    def replace_person(self, out: UUID, into: UUID, on: date) -> None:
        self.record(self.PersonReplaced, occurred_on=on, out=out, into=into)

    def undo_replacement(self, out: UUID, on: date) -> None:
        if out in self.one_person:
            self.record(self.ReplacementUndone, occurred_on=on, out=out)

    @property
    def _founded_on(self) -> date:
        return self.founded.occurred_on if self.founded else self.terms.occurred_on

    def _join(
        self,
        event: type[Joining],
        member_id: UUID,
        person: Person,
        nature: Nature,
        entitled: bool,
        on: date,
    ) -> None:
        if person.participant_id is not None and nature is not Nature.NATURAL:
            raise Rejected("kasa.participant_is_natural", pointer="/nature")
        require_no_pesel(person)
        identity = self.identity(person)
        if any(self.identity(each.person) == identity for each in self.current_members):
            raise Rejected("kasa.member_already", pointer="/person")
        self.record(
            event,
            occurred_on=on,
            member_id=member_id,
            person=person,
            nature=nature,
            entitled=entitled,
        )

    def _require_room(self, *, entitled: bool, on: date, rules: EnterpriseRules) -> None:
        period = rules.founding(self.terms.founded_by).period_on(on, "/joined_on")
        rule, members = period.value, len(self.current_members) + 1
        article, since = rule.article, period.valid_from.isoformat()
        if members > rule.members_maximum and not may_exceed(rule, converted=self.terms.converted):
            figures = {"members": members, "maximum": rule.members_maximum}
            raise Rejected(
                "kasa.members_maximum", {"article": article, "rule_from": since} | figures
            )
        among = sum(each.entitled for each in self.current_members) + entitled
        if not entitled and among < entitled_needed(members, rule.entitled_percent):
            shares = {
                "others_percent": PER_CENT * (members - among) // members,
                "others_maximum_percent": PER_CENT - (rule.entitled_percent or 0),
            }
            raise Rejected("kasa.entitled_share", {"article": article, "rule_from": since} | shares)

    def _member(self, member_id: UUID) -> Member:
        member = self.members.get(member_id)
        if member is None or member.until is not None:
            raise Rejected("kasa.member_unknown", pointer="/member_id")
        return member

    def _require(self, *states: EnterpriseState) -> None:
        """Raises `kasa.enterprise_state`."""
        if self.state not in states:
            raise Rejected(
                "kasa.enterprise_state",
                {"state": self.state.value, "expected": [each.value for each in states]},
            )

    def _require_day(
        self, day: date, today: date, pointer: str, earliest: date | None = None
    ) -> None:
        require_come(day, today, pointer)
        require_not_before(earliest or self.terms.occurred_on, day, pointer)


def _refusal(article: str, since: date, *gaps: Gap) -> dict[str, object]:
    return {
        "article": article,
        "rule_from": since.isoformat(),
        "gaps": [
            {"kind": each.kind.value, "have": each.have, "required": each.required} for each in gaps
        ],
    }
