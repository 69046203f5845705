"""Numbers as files: what is written can be read back, adds up, and never changes."""

import csv
import hashlib
import json
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from services.reporting.application.documents import WRITE
from shared.contracts.access import Role
from shared.contracts.reporting.commands import plans
from shared.contracts.reporting.operations import documents as operations
from shared.contracts.reporting.views import documents as views
from shared.contracts.reporting.vocabulary.documents import (
    ChartFormat,
    DocumentLanguage,
    TableFormat,
)
from shared.contracts.reporting.vocabulary.plans import Target
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from tests.reporting.conftest import Reporting
from tests.reporting.telling import STARTED, person, vault_of
from tests.reporting.test_reports import MARCH, MAY, compute, computed, drafted, enter
from tests.reporting.working import asked, work

PLANNED = Target(code="CO01", cell="sex:female", first_on=date(2026, 1, 1), last_on=MARCH, value=4)


def written(reporting: Reporting, name: str, request: Any) -> tuple[views.DocumentJob, bytes]:
    """Ordered, written and fetched."""
    job = asked(reporting, name, request)
    work(reporting, WRITE)
    told = asked(reporting, "get_report_document", views.GetDocument(id=job.id))
    file = asked(reporting, "fetch_report_document", views.GetDocument(id=job.id))
    content = b"".join(reporting.composition.examining.datasets.files.open(file.file_id).chunks())
    assert told.manifest.sha256 == hashlib.sha256(content).hexdigest()
    assert (told.filename, told.media_type) == (file.filename, file.media_type)
    return told, content


def report_in(
    reporting: Reporting, report: UUID, language: DocumentLanguage = DocumentLanguage.PL
) -> dict[TableFormat, bytes]:
    return {
        form: written(
            reporting,
            "order_report_table",
            views.OrderReportTable(report_id=report, language=language, format=form),
        )[1]
        for form in TableFormat
    }


def planned_report(reporting: Reporting) -> UUID:
    reporting.do(
        plans.AgreePlan(
            set_code="esf2014", targets=(PLANNED,), document="PLAN/1", agreed_on=STARTED
        )
    )
    enter(reporting, STARTED, *range(1, 4))
    return computed(reporting)


def pages(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_a_report_is_the_same_in_every_form_after_whatever_comes_later(
    reporting: Reporting,
) -> None:
    """Late facts, a revised plan and an erasure change no byte, and all forms say the same."""
    report = planned_report(reporting)
    first = report_in(reporting, report)
    english = report_in(reporting, report, DocumentLanguage.EN)
    assert all(first[form] != english[form] for form in TableFormat)
    enter(reporting, MARCH, *range(10, 15), on=STARTED + timedelta(1))
    plan = asked_plan(reporting)
    reporting.do(
        plans.RevisePlan(
            plan_id=plan,
            targets=(PLANNED.model_copy(update={"value": 1}),),
            document="PLAN/2",
            agreed_on=STARTED,
        )
    )
    vault_of(reporting).erase(
        person(1), {DataClass.MONITORING}, basis="gdpr_17_1_b", approved_by="oidc|other"
    )
    assert report_in(reporting, report) == first
    said = json.loads(first[TableFormat.JSON])
    numbers, plan_table = said["tables"][:2]
    (unemployed,) = [each for each in numbers["rows"] if each["code"] == "CO01"]
    assert (unemployed["number"], unemployed["sex:female"]) == (3, 3)
    assert plan_table["rows"] == [
        {
            "code": "CO01",
            "name": "Bezrobotni, w tym długotrwale",
            "cell": "Kobiety",
            "first_on": "2026-01-01",
            "last_on": "2026-03-31",
            "target": 4,
            "actual": 3,
            "percent": "0.75",
        }
    ]
    rows = list(csv.DictReader(StringIO(first[TableFormat.CSV].decode())))
    assert [r["number"] for r in rows if (r["table"], r["code"]) == ("numbers", "CO01")] == ["3"]
    assert [r["percent"] for r in rows if r["table"] == "plan"] == ["0.75"]
    text = pages(first[TableFormat.PDF])
    assert "Sprawozdanie RM/1" in text
    assert "Bezrobotni, w tym długotrwale" in text
    assert "75%" in text
    assert said["manifest"]["dataset"] in text
    assert "Table of indicators" in pages(english[TableFormat.PDF])


def asked_plan(reporting: Reporting) -> UUID:
    (found,) = reporting.ask("list_plans", None).items
    return UUID(str(found.id))


def test_a_workbook_has_formulas_whose_values_are_right(reporting: Reporting) -> None:
    content = report_in(reporting, planned_report(reporting))[TableFormat.XLSX]
    formulas, values = (load_workbook(BytesIO(content), data_only=only) for only in (False, True))
    plan = formulas["Wykonanie planu"]
    assert plan.freeze_panes == "C5"
    assert plan["H5"].value == '=IF(F5=0,"",ROUNDDOWN(G5/F5,2))'
    assert values["Wykonanie planu"]["H5"].value == 0.75
    assert plan["H5"].number_format == "0%"
    bands = formulas["Płeć, wiek"]
    assert bands["G5"].value == "=SUM(D5:F5)"
    assert values["Płeć, wiek"]["G5"].value == 3
    manifest = {row[0]: row[1] for row in formulas["Metryka dokumentu"].values if row[0]}
    assert manifest["Numer sprawozdania"] == "RM/1"
    assert len(str(manifest["Skrót danych (SHA-256)"])) == 64


def test_a_table_of_today_has_its_manifest(reporting: Reporting) -> None:
    enter(reporting, STARTED, 1, 2)
    request = views.OrderIndicatorTable(set_code="equal", as_of=MARCH, format=TableFormat.JSON)
    told, content = written(reporting, "order_indicator_table", request)
    assert told.filename == "equal-2026-03-31-pl.json"
    facts = json.loads(content)["manifest"]
    assert told.manifest is not None
    assert told.manifest.facts == facts
    assert (facts["as_of"], facts["known_at"], facts["facts"]) == ("2026-03-31", "2026-04-10", 4)
    assert facts["positions"] == {"registry": 7}
    assert (told.facts_read, told.facts) == (4, 4)


def test_a_difference_is_written_with_its_causes(reporting: Reporting) -> None:
    enter(reporting, STARTED, 1, 2)
    before = computed(reporting)
    enter(reporting, date(2026, 4, 5), 3)
    reporting.clock[0] = reporting.clock[0].replace(month=6)
    after = drafted(reporting, "RM/2", MAY)
    compute(reporting, after)
    request = views.OrderDifferenceTable(
        before_id=before,
        after_id=after,
        language=DocumentLanguage.EN,
        format=TableFormat.JSON,
    )
    told, content = written(reporting, "order_difference_table", request)
    (table,) = json.loads(content)["tables"]
    (row,) = [each for each in table["rows"] if each["code"] == "CO01"]
    causes = sum(row[each] for each in ("new", "late") if each in row)
    assert row["after"] - row["before"] == row["change"] == causes == 1
    assert told.manifest is not None
    assert told.manifest.facts["before"]["report"] == "RM/1"  # type: ignore[index]


@pytest.mark.parametrize("form", ChartFormat)
def test_charts_are_pictures_that_say_what_they_show(
    reporting: Reporting, form: ChartFormat
) -> None:
    planned_report(reporting)
    trend = views.OrderTrendChart(
        set_code="esf2014",
        code="CO01",
        first_on=date(2026, 1, 1),
        last_on=MARCH,
        ahead=2,
        format=form,
    )
    plan = views.OrderPlanChart(plan_id=asked_plan(reporting), as_of=MARCH, format=form)
    for name, request in (("order_trend_chart", trend), ("order_plan_chart", plan)):
        _, content = written(reporting, name, request)
        assert written(reporting, name, request)[1] == content
        if form is ChartFormat.PNG:
            picture = Image.open(BytesIO(content))
            words = str(picture.info["Description"])
            assert picture.width > 1000
        else:
            words = content.decode()
            assert 'role="img"' in words
        assert ("3 z 4 (75%)" if name == "order_plan_chart" else "31.03.2026: 3") in words
        assert ("prosta najmniejszych kwadratów" in words) == (name == "order_trend_chart")


def test_what_cannot_be_written_is_refused_when_it_is_ordered(reporting: Reporting) -> None:
    report = drafted(reporting)
    orders: list[tuple[str, Any, str]] = [
        (
            "order_report_table",
            views.OrderReportTable(report_id=report, format=TableFormat.PDF),
            "reporting.report_not_computed",
        ),
        (
            "order_indicator_table",
            views.OrderIndicatorTable(set_code="esf2007", format=TableFormat.PDF),
            "reporting.set_unknown",
        ),
        (
            "order_indicator_table",
            views.OrderIndicatorTable(set_code="equal", as_of=MAY, format=TableFormat.PDF),
            "date_in_future",
        ),
        (
            "order_trend_chart",
            views.OrderTrendChart(
                set_code="equal",
                code="EQ01",
                first_on=MARCH,
                last_on=STARTED,
                format=ChartFormat.SVG,
            ),
            "reporting.period_reversed",
        ),
    ]
    for name, request, code in orders:
        with pytest.raises(Rejected) as refused:
            asked(reporting, name, request)
        assert refused.value.code == code
    order = views.OrderIndicatorTable(set_code="equal", format=TableFormat.PDF)
    waiting = asked(reporting, "order_indicator_table", order)
    with pytest.raises(Rejected) as early:
        asked(reporting, "fetch_report_document", views.GetDocument(id=waiting.id))
    assert early.value.code == "reporting.document_not_written"


def test_documents_are_for_those_who_examine() -> None:
    """They tell small numbers as they are."""
    ordered = [each for each in vars(operations).values() if hasattr(each, "roles")]
    assert len(ordered) == 7
    assert all(each.roles == {Role.COORDINATOR, Role.AUDITOR} for each in ordered)
