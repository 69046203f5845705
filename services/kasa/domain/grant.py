"""A grant, from the contract to the last zloty that came back: decisions.

Whoever did the work on which a payment rests does not release it. Every event that moves money is
recorded in one commit with the fund's entry that it causes.
"""

from datetime import date, timedelta
from uuid import UUID

from services.kasa.domain.clawback import clawback
from services.kasa.domain.durability import last_required, place_results
from services.kasa.domain.grant_history import GrantHistory, Report
from services.kasa.domain.rules.grants import GrantRules
from shared.contracts.kasa.vocabulary.fund import Received
from shared.contracts.kasa.vocabulary.grants import (
    GrantTerms,
    PlaceResult,
    ReportState,
    Tranche,
    TrancheState,
)
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.money import Money, require_currency, total


class Grant(GrantHistory):
    """Its id derives from the number of the contract (`id_of("grant", number)`)."""

    def sign(
        self, terms: GrantTerms, *, signed_on: date, today: date, by: str, rules: GrantRules
    ) -> None:
        """Sign the contract, under the rules of the day."""
        if self.contract is not None:
            raise Rejected("kasa.contract_number_taken", {"number": terms.number}, "/terms/number")
        require_come(signed_on, today, "/signed_on")
        _require_within_rates(terms, signed_on, rules)
        durability = rules.durability[terms.support].period_on(signed_on, "/signed_on")
        formula = rules.clawback[terms.support].period_on(signed_on, "/signed_on")
        self.record(
            self.Contracted,
            occurred_on=signed_on,
            terms=terms,
            durability=durability.value,
            durability_source=durability.source,
            clawback=formula.value,
            clawback_source=formula.source,
            contracted_by=by,
        )

    def meet_condition(
        self, code: str, *, on: date, source_document: str, today: date, by: str
    ) -> None:
        self._require_day(on, today, "/met_on")
        if code not in {each.code for each in self.terms.conditions}:
            raise Rejected("kasa.condition_unknown", {"condition": code}, "/code")
        if code in self.conditions:
            raise Rejected("kasa.condition_met", {"condition": code}, "/code")
        self.record(
            self.ConditionMet,
            occurred_on=on,
            code=code,
            source_document=source_document,
            confirmed_by=by,
        )

    def submit_report(
        self,
        number: int,
        *,
        spent: Money,
        on: date,
        source_document: str,
        today: date,
        by: str,
    ) -> None:
        """Once the days that it is about are over; again, when it was rejected."""
        self._require_day(on, today, "/submitted_on")
        report = self._report(number)
        if report.state in {ReportState.SUBMITTED, ReportState.ACCEPTED}:
            raise Rejected("kasa.report_submitted", {"state": str(report.state)}, "/number")
        require_currency(spent, self.currency, "/spent")
        about = self.terms.reports[number - 1]
        require_not_before(max(about.last_day, report.submitted_on), on, "/submitted_on")
        self.record(
            self.ReportSubmitted,
            occurred_on=on,
            number=number,
            submission=report.version + 1,
            spent=spent,
            source_document=source_document,
            submitted_by=by,
        )

    def accept_report(
        self, number: int, *, accepted: Money, on: date, today: date, by: str
    ) -> None:
        """By another person than the one who submitted it; not more than was spent."""
        spent = self._require_reviewable(number, on, today, by)
        require_currency(accepted, self.currency, "/accepted")
        if accepted > spent:
            raise Rejected(
                "kasa.accepted_exceeds_spent",
                {"spent": str(spent), "accepted": str(accepted)},
                "/accepted",
            )
        self.record(
            self.ReportAccepted,
            occurred_on=on,
            enterprise_id=self.terms.enterprise_id,
            number=number,
            submission=self.reports[number].version,
            accepted=accepted,
            accepted_by=by,
        )

    def reject_report(self, number: int, *, reason: str, on: date, today: date, by: str) -> None:
        self._require_reviewable(number, on, today, by)
        self.record(
            self.ReportRejected,
            occurred_on=on,
            number=number,
            submission=self.reports[number].version,
            reason=reason,
            rejected_by=by,
        )

    def release_tranche(self, number: int, *, on: date, today: date, by: str) -> None:
        """Once all conditions are met and its report is accepted, by another person than the one who
        accepted the report, or, where there is none to wait for, who signed the contract.
        """
        self._require_day(on, today, "/released_on")
        self._require_open()
        tranche = self._tranche(number)
        if self.tranches[number].state is not TrancheState.WAITING:
            raise Rejected("kasa.tranche_released", pointer="/number")
        self._require_conditions(on)
        if by == self._maker(tranche, on):
            raise Rejected("four_eyes")
        self.record(
            self.TrancheReleased,
            occurred_on=on,
            number=number,
            amount=tranche.amount,
            released_by=by,
        )

    def pay_tranche(self, number: int, *, bank_reference: str, on: date, today: date) -> None:
        """The bank confirms the payment. The same reference again changes nothing, so a payment is
        never recorded twice, whatever happened in between.
        """
        tranche = self._tranche(number)
        progress = self.tranches[number]
        if progress.bank_reference == bank_reference:
            return
        if progress.state is not TrancheState.RELEASED:
            raise Rejected("kasa.tranche_not_released", {"state": str(progress.state)}, "/number")
        self._require_new_reference(bank_reference)
        require_come(on, today, "/paid_on")
        require_not_before(progress.released_on, on, "/paid_on")
        self.record(
            self.TranchePaid,
            occurred_on=on,
            enterprise_id=self.terms.enterprise_id,
            number=number,
            amount=tranche.amount,
            bank_reference=bank_reference,
        )

    def fill_place(self, place_id: UUID, *, on: date, today: date) -> None:
        """Somebody was employed on a place, for the first time or after a vacancy."""
        self._require_day(on, today, "/since")
        spells = self.places.get(place_id, [])
        if not spells and len(self.places) == self.terms.job_places:
            raise Rejected(
                "kasa.places_exceeded", {"contracted": self.terms.job_places}, "/place_id"
            )
        if spells and spells[-1].until is None:
            raise Rejected("kasa.place_filled", pointer="/place_id")
        if spells and spells[-1].until is not None:
            require_not_before(spells[-1].until, on, "/since")
        self.record(self.JobPlaceFilled, occurred_on=on, place_id=place_id)

    def vacate_place(self, place_id: UUID, *, on: date, today: date) -> None:
        """Nobody holds the place from this day on."""
        self._require_day(on, today, "/on")
        spells = self.places.get(place_id, [])
        if not spells or spells[-1].until is not None:
            raise Rejected("kasa.place_vacant", pointer="/place_id")
        require_not_before(spells[-1].since + timedelta(1), on, "/on")
        self.record(self.JobPlaceVacated, occurred_on=on, place_id=place_id)

    def check_durability(self, *, on: date, today: date, by: str) -> None:
        """What became of every contracted place, once the last one has lasted, or never can."""
        self._require_day(on, today, "/checked_on")
        if not self.terms.job_places:
            raise Rejected("kasa.no_job_places")
        results = self._results(on)
        if any(self._lasts_still(each, on) for each in results):
            last = last_required(self.places.values(), self.signed.durability.months)
            raise Rejected("date_too_early", {"not_before": str(last)}, "/checked_on")
        if self.checked is not None and self.checked.results == results:
            raise Rejected("nothing_changed")
        self.record(self.DurabilityChecked, occurred_on=on, results=results, checked_by=by)

    def compute_clawback(self, *, on: date, today: date, by: str) -> None:
        """What has to come back by the contract's formula. It is computed again when more is known;
        never below what came back already.
        """
        self._require_day(on, today, "/computed_on")
        if self.terms.job_places and self.checked is None:
            raise Rejected("kasa.durability_not_checked")
        results = self.checked.results if self.checked else ()
        rule, paid, accepted = self.signed.clawback, self.paid, self.accepted
        parts = clawback(rule.formula, paid=paid, accepted=accepted, places=results)
        amount = total((part.amount for part in parts), self.currency)
        if amount < self.repaid:
            raise Rejected(
                "kasa.clawback_below_repaid",
                {"computed": str(amount), "repaid": str(self.repaid)},
            )
        self.record(
            self.ClawbackComputed,
            occurred_on=on,
            amount=amount,
            parts=parts,
            formula=rule.formula,
            paid=paid,
            accepted=accepted,
            results=results,
            pay_by=on + timedelta(rule.pay_within_days),
            computed_by=by,
        )

    def repay(self, amount: Money, *, bank_reference: str, on: date, today: date) -> None:
        """Money came back; what is above the sum due is the payer's. The same line of the bank again
        changes nothing.
        """
        told = self.repayments.value_on.get(bank_reference)
        received = self.repayments.standing.get(bank_reference)
        if told is not None and received is None:
            raise Rejected("kasa.payment_reversed", pointer="/bank_reference")
        if received is not None and (received.principal + received.overpaid, told) == (amount, on):
            return
        self._require_new_reference(bank_reference)
        self._require_day(on, today, "/value_on")
        require_currency(amount, self.currency, "/amount")
        principal = min(amount, self.still_due)
        received = Received(
            principal=principal, income=Money.zero(self.currency), overpaid=amount - principal
        )
        self.record(
            self.Repaid,
            occurred_on=on,
            enterprise_id=self.terms.enterprise_id,
            bank_reference=bank_reference,
            received=received,
        )

    def reverse_repayment(self, bank_reference: str, *, on: date, today: date) -> None:
        require_come(on, today, "/on")
        received = self.repayments.standing.get(bank_reference)
        if received is None:
            raise Rejected("kasa.payment_unknown", pointer="/bank_reference")
        self.record(
            self.RepaymentReversed,
            occurred_on=on,
            enterprise_id=self.terms.enterprise_id,
            bank_reference=bank_reference,
            received=received,
        )

    def close(self, *, on: date, today: date, by: str) -> None:
        """Nothing more is paid out. A released tranche is paid first."""
        self._require_day(on, today, "/closed_on")
        self._require_open()
        states = {each.state for each in self.tranches.values()}
        if TrancheState.RELEASED in states:
            raise Rejected("kasa.tranche_unpaid")
        self.record(self.Closed, occurred_on=on, unused=self.terms.amount - self.paid, closed_by=by)

    def _results(self, on: date) -> tuple[PlaceResult, ...]:
        """Of the days before: a day counts when it is over."""
        rule = self.signed.durability
        return place_results(
            self.places,
            self.terms.job_places,
            months=rule.months,
            refill_days=rule.refill_days,
            as_of=on - timedelta(1),
        )

    def _lasts_still(self, result: PlaceResult, on: date) -> bool:
        """Whether the place was filled, has not lasted long enough, and has not broken off."""
        if result.place_id is None or result.kept:
            return False
        return self.places[result.place_id][0].since + timedelta(result.kept_days) >= on

    def _require_day(self, on: date, today: date, pointer: str) -> None:
        require_come(on, today, pointer)
        require_not_before(self.signed.occurred_on, on, pointer)

    def _require_new_reference(self, bank_reference: str) -> None:
        """Raises `kasa.bank_reference_used`: the same line of a statement told otherwise."""
        paid_under = {each.bank_reference for each in self.tranches.values()}
        if bank_reference in paid_under | self.repayments.value_on.keys():
            raise Rejected("kasa.bank_reference_used", pointer="/bank_reference")

    def _require_open(self) -> None:
        if self.unused is not None:
            raise Rejected("kasa.grant_closed")

    def _report(self, number: int) -> Report:
        if number not in self.reports:
            raise Rejected("kasa.report_unknown", {"reports": len(self.reports)}, "/number")
        return self.reports[number]

    def _tranche(self, number: int) -> Tranche:
        if number not in self.tranches:
            raise Rejected("kasa.tranche_unknown", {"tranches": len(self.tranches)}, "/number")
        return self.terms.tranches[number - 1]

    def _require_reviewable(self, number: int, on: date, today: date, by: str) -> Money:
        """What was spent by a report that waits to be accepted or rejected by this person."""
        self._require_day(on, today, "/decided_on")
        report = self._report(number)
        if report.state is not ReportState.SUBMITTED or report.spent is None:
            raise Rejected("kasa.report_not_submitted", {"state": str(report.state)}, "/number")
        if by == report.submitted_by:
            raise Rejected("four_eyes")
        require_not_before(report.submitted_on, on, "/decided_on")
        return report.spent

    def _require_conditions(self, on: date) -> None:
        codes = [each.code for each in self.terms.conditions]
        missing = [code for code in codes if self.conditions.get(code, date.max) > on]
        if missing:
            raise Rejected("kasa.conditions_not_met", {"missing": missing})

    def _maker(self, tranche: Tranche, on: date) -> str:
        """On whose work the payment of a tranche rests."""
        if tranche.after_report is None:
            return self.signed.contracted_by
        report = self.reports[tranche.after_report]
        if report.state is not ReportState.ACCEPTED:
            raise Rejected(
                "kasa.report_not_accepted",
                {"report": tranche.after_report, "state": str(report.state)},
                "/number",
            )
        require_not_before(report.decided_on, on, "/released_on")
        return report.decided_by


def _require_within_rates(terms: GrantTerms, day: date, rules: GrantRules) -> None:
    """Support by unit rates is never above them. Raises `kasa.rate_exceeded`."""
    if terms.support not in rules.unit_rates:
        return
    period = rules.unit_rates[terms.support].period_on(day, "/signed_on")
    rate = period.value
    if terms.job_places > rate.most_places:
        raise Rejected(
            "kasa.places_exceeded",
            {"most": rate.most_places, "source": period.source},
            "/terms/job_places",
        )
    each = rate.creation + rate.upkeep
    ceiling = total([each] * terms.job_places, each.currency)
    if terms.amount > ceiling:
        raise Rejected(
            "kasa.rate_exceeded",
            {"ceiling": str(ceiling), "amount": str(terms.amount), "source": period.source},
            "/terms/tranches",
        )
