"""An application, from the draft to the decision: decisions.

Nobody judges what they wrote; nobody with a conflict of interest scores; and the decision is about
exactly what the committee voted on, or it is none.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import rfc8785

from services.kasa.domain.application_history import ApplicationHistory
from services.kasa.domain.call import Call
from services.kasa.domain.rules.calls import CallRules
from services.kasa.domain.scoring import assess, points_of_share, require_complete
from shared.contracts.kasa.vocabulary.calls import (
    ApplicationContent,
    ApplicationState,
    Assessment,
    Decision,
    FormalResult,
    Input,
    Offer,
    Origin,
    Outcome,
    Points,
    Proposal,
    Resolution,
    Score,
)
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.money import Money, require_currency


def digest_of(content: ApplicationContent) -> str:
    """By which anybody can tell later that this is the content that was decided on."""
    return hashlib.sha256(rfc8785.dumps(content.model_dump(mode="json"))).hexdigest()


@dataclass(frozen=True)
class Agreement:
    """What a contract says that the committee decided."""

    offer: Offer
    source: str
    enterprise_id: UUID
    amount: Money


class Application(ApplicationHistory):
    def draft(
        self,
        call: Call,
        *,
        enterprise_id: UUID,
        content: ApplicationContent,
        on: date,
        today: date,
        by: str,
    ) -> None:
        if self.drafted is not None:
            raise Rejected("kasa.application_exists")
        require_come(on, today, "/drafted_on")
        call.require_taking(on, "/drafted_on")
        _require_of_call(content, call)
        self.record(
            self.Drafted,
            occurred_on=on,
            call_id=call.id,
            enterprise_id=enterprise_id,
            content=content,
            drafted_by=by,
        )

    def revise(
        self, call: Call, content: ApplicationContent, *, on: date, today: date, by: str
    ) -> None:
        """A new version; the earlier ones stay. What is submitted is revised when it was returned."""
        self._require_state(ApplicationState.DRAFT, ApplicationState.RETURNED)
        self._require_day(on, today, "/revised_on")
        _require_of_call(content, call)
        if content == self.content:
            raise Rejected("nothing_changed", pointer="/content")
        self.record(
            self.Revised, occurred_on=on, number=self.number + 1, content=content, revised_by=by
        )

    def submit(self, call: Call, *, on: date, today: date, by: str, rules: CallRules) -> None:
        """While the call takes applications; a returned one within the days for its correction."""
        self._require_state(ApplicationState.DRAFT, ApplicationState.RETURNED)
        self._require_day(on, today, "/submitted_on")
        if self.state is ApplicationState.RETURNED:
            self._require_corrected_in_time(on, rules)
        else:
            call.require_taking(on, "/submitted_on")
        self.record(
            self.Submitted,
            occurred_on=on,
            number=self.number,
            digest=digest_of(self.content),
            submitted_by=by,
        )

    def check_formally(
        self, call: Call, results: Sequence[FormalResult], *, on: date, today: date, by: str
    ) -> None:
        """Every item of the call once; one that is not met returns the application."""
        self._require_state(ApplicationState.SUBMITTED)
        self._require_day(on, today, "/checked_on")
        self._require_no_author(by)
        expected = sorted(item.code for item in call.content.formal_items)
        if sorted(result.code for result in results) != expected:
            raise Rejected("kasa.formal_items_not_matched", {"expected": expected}, "/results")
        self.record(
            self.FormallyChecked,
            occurred_on=on,
            number=self.number,
            results=tuple(results),
            passed=all(result.met for result in results),
            checked_by=by,
        )

    def assign_reviewer(self, reviewer: str, *, on: date, today: date, by: str) -> None:
        self._require_state(ApplicationState.ASSESSED)
        self._require_day(on, today, "/assigned_on")
        self._require_no_author(reviewer)
        if reviewer in self.declarations:
            raise Rejected("kasa.reviewer_assigned", pointer="/reviewer")
        self.record(self.ReviewerAssigned, occurred_on=on, reviewer=reviewer, assigned_by=by)

    def declare_interest(self, *, conflict: bool, on: date, today: date, by: str) -> None:
        """Of the reviewer's own interest; a conflict stays one."""
        self._require_state(ApplicationState.ASSESSED)
        self._require_day(on, today, "/declared_on")
        self._require_assigned(by)
        if self.declarations[by] in {conflict, True}:
            raise Rejected("nothing_changed", pointer="/conflict")
        self.record(self.InterestDeclared, occurred_on=on, reviewer=by, conflict=conflict)

    def score(
        self, call: Call, points: Sequence[Points], *, on: date, today: date, by: str
    ) -> None:
        """By a reviewer who declared that there is no conflict of interest."""
        self._require_state(ApplicationState.ASSESSED)
        self._require_day(on, today, "/scored_on")
        self._require_assigned(by)
        if self.declarations[by] is None:
            raise Rejected("kasa.interest_not_declared")
        if by in self.conflicted:
            raise Rejected("kasa.conflict_of_interest")
        require_complete(call.content.criteria, points)
        score = Score(reviewer=by, number=self.number, points=tuple(points))
        self.record(self.Scored, occurred_on=on, score=score)

    def record_input(
        self,
        call: Call,
        criterion: str,
        *,
        share: Decimal,
        basis: str,
        basis_version: int,
        on: date,
        today: date,
    ) -> None:
        """Points that follow from a figure: the need of the commune, a completed course."""
        self._require_state(ApplicationState.SUBMITTED, ApplicationState.ASSESSED)
        self._require_day(on, today, "/recorded_on")
        criteria = call.content.criteria
        computed = criteria.of(Origin.NEED_INDEX) | criteria.of(Origin.CERTIFICATE)
        if criterion not in computed:
            raise Rejected(
                "kasa.criteria_not_matched", {"expected": sorted(computed)}, "/criterion"
            )
        found = Input(
            criterion=criterion,
            points=points_of_share(computed[criterion], share),
            basis=basis,
            basis_version=basis_version,
            value=share,
        )
        if self.inputs.get(criterion) != found:
            self.record(self.InputRecorded, occurred_on=on, input=found)

    def withdraw(self, *, reason: str, on: date, today: date, by: str) -> None:
        self._require_undecided()
        self._require_day(on, today, "/withdrawn_on")
        self.record(self.Withdrawn, occurred_on=on, reason=reason, withdrawn_by=by)

    def assessment(self, call: Call) -> Assessment:
        """Raises `kasa.reviews_missing` before enough reviewers scored the version that stands."""
        scores, needed = self.valid_scores, call.content.reviewers
        if len(scores) < needed:
            raise Rejected("kasa.reviews_missing", {"needed": needed, "scored": len(scores)})
        return assess(call.content.criteria, scores, self.inputs)

    def proposal(self, call: Call, outcome: Outcome, amount: Money | None) -> Proposal:
        """What the committee is to vote on. Nothing is supported below the minimum, above what was
        asked, or in another currency.
        """
        self._require_state(ApplicationState.ASSESSED)
        assessment = self.assessment(call)
        if outcome is Outcome.SUPPORT:
            self._require_supportable(call, assessment, amount)
        return Proposal(
            application_id=self.id,
            application_version=self.version,
            number=self.number,
            digest=digest_of(self.content),
            assessment=assessment,
            outcome=outcome,
            amount=amount,
        )

    def require_unbiased(self, person: str) -> None:
        """Raises `kasa.conflict_of_interest` for authors and those who declared a conflict."""
        if person in self.barred:
            raise Rejected("kasa.conflict_of_interest")

    def decide(
        self, call: Call, resolution: Resolution, *, on: date, today: date, aid: str | None = None
    ) -> None:
        """By a resolution that was carried, on the application as it still stands; by another person
        than the one who proposed it.
        """
        self._require_undecided()
        self._require_day(on, today, "/decided_on")
        proposal = resolution.proposal
        if proposal.application_id != self.id or not resolution.carried:
            raise Rejected("kasa.not_carried")
        if proposal.application_version != self.version:
            raise Rejected(
                "kasa.application_changed",
                {"voted_on": proposal.application_version, "now": self.version},
            )
        if resolution.resolved_by == resolution.proposed_by:
            raise Rejected("four_eyes")
        self.require_unbiased(resolution.proposed_by)
        self.require_unbiased(resolution.resolved_by)
        self.record(
            self.Decided,
            occurred_on=on,
            enterprise_id=self.origin.enterprise_id,
            call=call.terms.code,
            decision=Decision(
                content=self.content,
                scores=self.valid_scores,
                inputs=tuple(each for _, each in sorted(self.inputs.items())),
                criteria=call.content.criteria,
                criteria_source=call.content.criteria_source,
                resolution=resolution,
                offer=call.terms.offer,
                aid=aid,
            ),
        )

    def contract(
        self, call: Call, number: str, agreement: Agreement, *, on: date, today: date
    ) -> None:
        """Sign what was decided, exactly that, once."""
        require_come(on, today, "/signed_on")
        amount = None if self.decision is None else self.decision.resolution.proposal.amount
        if self.decided is None or amount is None:
            raise Rejected("kasa.not_awarded", {"state": str(self.state)})
        if self.contract_number is not None:
            raise Rejected("kasa.application_contracted", {"number": self.contract_number})
        require_not_before(self.decided.occurred_on, on, "/signed_on")
        awarded = Agreement(call.terms.offer, call.terms.source, self.origin.enterprise_id, amount)
        if agreement != awarded:
            decided = {each.name: str(getattr(awarded, each.name)) for each in fields(awarded)}
            raise Rejected("kasa.contract_differs", {"decided": decided})
        self.record(self.Contracted, occurred_on=on, number=number)

    def _require_supportable(
        self, call: Call, assessment: Assessment, amount: Money | None
    ) -> None:
        if not assessment.supportable:
            raise Rejected(
                "kasa.minimum_not_reached",
                {
                    "total": str(assessment.total),
                    "minimum": call.content.criteria.minimum,
                    "below": list(assessment.below_minimum),
                },
            )
        if amount is None:
            raise Rejected("kasa.amount_missing", pointer="/amount")
        require_currency(amount, self.content.amount.currency, "/amount")
        if amount > self.content.amount:
            raise Rejected("kasa.amount_above_request", {"asked": str(self.content.amount)})

    def _require_state(self, *states: ApplicationState) -> None:
        self._require_undecided()
        if self.state not in states:
            raise Rejected(
                "kasa.application_state",
                {"state": str(self.state), "expected": [str(each) for each in states]},
            )

    def _require_undecided(self) -> None:
        if self.state is None:
            raise Rejected("not_found", {"id": str(self.id)})
        if self.state in {ApplicationState.DECIDED, ApplicationState.WITHDRAWN}:
            raise Rejected("kasa.application_decided", {"state": str(self.state)})

    def _require_day(self, on: date, today: date, pointer: str) -> None:
        require_come(on, today, pointer)
        require_not_before(self.latest_on, on, pointer)

    def _require_no_author(self, person: str) -> None:
        if person in self.authors:
            raise Rejected("four_eyes")

    def _require_assigned(self, reviewer: str) -> None:
        if reviewer not in self.declarations:
            raise Rejected("kasa.reviewer_not_assigned")

    def _require_corrected_in_time(self, on: date, rules: CallRules) -> None:
        last = self.returned_on + timedelta(rules.correction_days.on(self.returned_on))
        if on > last:
            raise Rejected(
                "kasa.correction_too_late", {"not_after": last.isoformat()}, "/submitted_on"
            )


def _require_of_call(content: ApplicationContent, call: Call) -> None:
    if content.product not in call.terms.products:
        raise Rejected(
            "kasa.product_not_offered",
            {"products": list(call.terms.products)},
            "/content/product",
        )
    require_currency(content.amount, call.terms.budget.currency, "/content/amount")
