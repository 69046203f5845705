"""Grants with their reports, tranches, job places, and what is due of them."""

from collections.abc import Sequence
from datetime import date

from pymongo import ASCENDING, IndexModel

from services.kasa.domain.durability import required_until
from services.kasa.domain.grant import Grant
from services.kasa.domain.grant_tasks import due_tasks
from services.kasa.domain.rules import KasaRules
from services.kasa.projections.fund import figures_of
from shared.kernel.money import Money
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load, rules: KasaRules) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, Grant, load)
        replace(writer, "grants", (_document(*each, load, rules) for each in found))

    return Part(
        {
            "grants": [
                BY_CHANGE,
                IndexModel([("enterprise_id", ASCENDING)]),
                IndexModel([("tasks.kind", ASCENDING)]),
            ]
        },
        project,
    )


def _document(grant: Grant, last: Recorded, load: Load, rules: KasaRules) -> Document:
    signed, terms, money = grant.signed, grant.terms, grant.money
    return {
        "_id": str(grant.id),
        "position": last.position,
        "version": grant.version,
        "number": terms.number,
        "enterprise_id": str(terms.enterprise_id),
        "partner": load(terms.enterprise_id, 1).terms.partner,
        "source": terms.source,
        "terms": terms.model_dump(mode="json"),
        "signed_on": signed.occurred_on.isoformat(),
        "amount": _money(terms.amount),
        "durability_months": signed.durability.months,
        "durability_source": signed.durability_source,
        "clawback_formula": signed.clawback.formula,
        "clawback_source": signed.clawback_source,
        "conditions_met": sorted(grant.conditions),
        "reports": _reports(grant),
        "tranches": _tranches(grant),
        "job_places": _places(grant),
        "durability": grant.checked
        and [each.model_dump(mode="json") for each in grant.checked.results],
        "clawback": _clawback(grant),
        "repayments": _repayments(grant),
        "money": figures_of(money),
        "committed": _money(money.committed),
        "paid": _money(money.disbursed),
        "repaid": _money(money.repaid),
        "closed_on": grant.closed_on and grant.closed_on.isoformat(),
        "tasks": [
            {
                "kind": each.kind.value,
                "opens_on": each.opens_on.isoformat(),
                "due_on": each.due_on and each.due_on.isoformat(),
                "about": each.about,
            }
            for each in due_tasks(grant, rules.grants)
        ],
        "makers": _makers(grant),
    }


def _reports(grant: Grant) -> list[Document]:
    return [
        {
            "number": about.number,
            "state": report.state.value,
            "submission": report.version,
            "due_on": about.due_on.isoformat(),
            "submitted_on": _day(report.submitted_on),
            "decided_on": _day(report.decided_on),
            "spent": report.spent and _money(report.spent),
            "accepted": report.accepted and _money(report.accepted),
        }
        for about in grant.terms.reports
        for report in [grant.reports[about.number]]
    ]


def _tranches(grant: Grant) -> list[Document]:
    return [
        {
            "number": each.number,
            "amount": _money(each.amount),
            "after_report": each.after_report,
            "state": progress.state.value,
            "released_on": _day(progress.released_on),
            "bank_reference": progress.bank_reference,
        }
        for each in grant.terms.tranches
        for progress in [grant.tranches[each.number]]
    ]


def _places(grant: Grant) -> list[Document]:
    return [
        {
            "place_id": str(place_id),
            "spells": [
                {"since": each.since.isoformat(), "until": each.until and each.until.isoformat()}
                for each in spells
            ],
            "required_until": required_until(spells, grant.signed.durability.months).isoformat(),
        }
        for place_id, spells in grant.places.items()
    ]


def _clawback(grant: Grant) -> Document | None:
    computed = grant.due
    if computed is None:
        return None
    return {
        "amount": _money(computed.amount),
        "still_due": _money(grant.still_due),
        "parts": [each.model_dump(mode="json") for each in computed.parts],
        "formula": computed.formula,
        "computed_on": computed.occurred_on.isoformat(),
        "pay_by": computed.pay_by.isoformat(),
    }


def _repayments(grant: Grant) -> list[Document]:
    return [
        {
            "bank_reference": reference,
            "value_on": grant.repayments.value_on[reference].isoformat(),
            "amount": _money(received.principal + received.overpaid),
            "overpaid": _money(received.overpaid),
        }
        for reference, received in grant.repayments.standing.items()
    ]


def _makers(grant: Grant) -> Document:
    """On whose work what waits rests: somebody else does it."""
    submitted = {
        f"review_report/{number}": report.submitted_by for number, report in grant.reports.items()
    }
    return submitted | {
        f"release_tranche/{each.number}": grant.signed.contracted_by
        if each.after_report is None
        else grant.reports[each.after_report].decided_by
        for each in grant.terms.tranches
    }


def _money(amount: Money) -> Document:
    return amount.model_dump(mode="json")


def _day(day: date) -> str | None:
    """None for the day of what did not happen yet."""
    return None if day == date.min else day.isoformat()
