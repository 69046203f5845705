"""Tables and charts as files: what is ordered, and what is told of it."""

from typing import Literal
from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.reporting.views.plans import GetPlanProgress, GetTrend
from shared.contracts.reporting.views.reports import OfReport
from shared.contracts.reporting.vocabulary.documents import (
    ChartFormat,
    DocumentLanguage,
    TableFormat,
)
from shared.contracts.reporting.vocabulary.indicators import CountOf


class TableForm(Published):
    language: DocumentLanguage = DocumentLanguage.PL
    format: TableFormat


class ChartForm(Published):
    language: DocumentLanguage = DocumentLanguage.PL
    format: ChartFormat


class OrderIndicatorTable(CountOf, TableForm):
    """The numbers of a set with its breakdowns, and against its plan, where one was agreed."""


class OrderReportTable(OfReport, TableForm):
    """From the frozen dataset of a version: the same bytes for ever, whatever was told later."""


class OrderDifferenceTable(TableForm):
    """Between two computed reports of the same set: each indicator with the causes of its movement."""

    before_id: UUID
    after_id: UUID


class OrderPlanChart(GetPlanProgress, ChartForm):
    """Targets of a version of a plan against actual numbers."""


class OrderTrendChart(GetTrend, ChartForm):
    """A number over time; the forecast is a straight line, and the picture says so."""


class Manifest(Published):
    """What a document was made from, enough to make it again and compare.

    `facts` are what it depends on: the set, the version of its definition, the two days, the positions
    of all ledgers, the digest of the dataset, the version of the plan and of the report.
    """

    document: str
    language: DocumentLanguage
    format: TableFormat | ChartFormat
    sha256: str
    bytes: int
    facts: dict[str, object]


class GetDocument(Published):
    id: UUID


class DocumentJob(Published):
    """`facts_read` of `facts`; filename and manifest once it is done. The file is kept seven days."""

    id: UUID
    state: Literal["waiting", "running", "done", "failed"]
    facts_read: int
    facts: int | None
    failure: str | None
    filename: str | None
    media_type: str | None
    manifest: Manifest | None


class DocumentFile(Published):
    file_id: str
    filename: str
    media_type: str
