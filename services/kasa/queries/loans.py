"""Loans, and the products on whose terms they are made."""

from datetime import date
from uuid import UUID

from services.kasa.domain.lending import agreed_percent, first_plan, product_on, require_terms
from services.kasa.domain.loan import Loan
from services.kasa.domain.rules.loans import Product
from services.kasa.domain.schedule import NOTHING
from services.kasa.queries.loans_card import card_of, version_of
from services.kasa.queries.reading import Reading, found_in_reach, in_reach
from shared.contracts.kasa.views import loans as views
from shared.eventstore.acts import Act
from shared.kernel.days import require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.money import Money
from shared.kernel.parameters import Period
from shared.messaging.wire import fitting
from shared.runtime.documents import facts_for
from shared.runtime.paging import Place
from shared.runtime.views import Document


class Loans:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._loans = reading.views["loans"]

    def get_loan(self, request: views.GetLoan, act: Act) -> views.LoanCard:
        loan = self._loan(found_in_reach(self._loans, request.id, act.caller))
        return card_of(loan, request.as_of or self._reading.today(), self._reading.rules.loans)

    def get_schedule_version(
        self, request: views.GetScheduleVersion, act: Act
    ) -> views.ScheduleVersion:
        loan = self._loan(found_in_reach(self._loans, request.loan_id, act.caller))
        if request.number > len(loan.schedules):
            raise Rejected("not_found", {"versions": len(loan.schedules)}, "/number")
        return version_of(loan, request.number)

    def list_loans(self, request: views.ListLoans, act: Act) -> views.LoanPage:
        place = Place.of(request.cursor, request.changed_since)
        asked = request.model_dump(
            mode="json",
            include={"enterprise_id", "source", "state", "arrears_class"},
            exclude_none=True,
        )
        found = place.find(self._loans, in_reach(act.caller) | asked, request.limit)
        rows = [facts_for(each, views.LoanSummary) for each in found[: request.limit]]
        items = fitting([views.LoanSummary.model_validate(each) for each in rows])
        next_cursor, position = place.end(found, len(items))
        return views.LoanPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def list_products(self, request: views.ListProducts, _act: Act) -> views.ProductList:
        day, rules = request.day or self._reading.today(), self._reading.rules.loans
        return views.ProductList(
            day=day,
            products=tuple(
                self._product(code, period, day)
                for code, periods in sorted(rules.products.items())
                for period in periods.root
                if period.covers(day)
            ),
            waterfalls=tuple(
                views.Waterfall(name=name, tiers=period.value, source=period.source)
                for name, periods in sorted(rules.waterfalls.items())
                for period in periods.root
                if period.covers(day)
            ),
        )

    def preview_schedule(self, request: views.PreviewSchedule, _act: Act) -> views.SchedulePreview:
        """As if all of it were paid out on the day, on the terms of that day."""
        rules, day = self._reading.rules.loans, request.disbursed_on
        product = product_on(request.product, day, rules)
        require_terms(product, request.principal, request.terms)
        require_not_before(day, request.terms.first_due_on, "/terms/first_due_on")
        percent = agreed_percent(product.value, day, rules)
        rows = first_plan(percent, request.principal, request.terms, request.day_count, day, rules)
        return views.SchedulePreview(
            percent=percent,
            rows=tuple(row.told() for row in rows),
            interest=Money(
                amount=sum((row.interest + row.capitalised for row in rows), NOTHING),
                currency=request.principal.currency,
            ),
        )

    def _loan(self, document: Document) -> Loan:
        """As it was when the read model was made: what it owes on a day follows from all of it."""
        loan: Loan = self._reading.load(UUID(document["_id"]), document["version"])
        return loan

    def _product(self, code: str, period: Period[Product], day: date) -> views.LoanProduct:
        terms = period.value
        return views.LoanProduct(
            code=code,
            valid_from=period.valid_from,
            valid_to=period.valid_to,
            source=period.source,
            verified=period.verified,
            percent=agreed_percent(terms, day, self._reading.rules.loans),
            **{name: value for name, value in terms if name != "rate"},
        )
