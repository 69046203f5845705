"""In which language and form something is written."""

from enum import StrEnum


class DocumentLanguage(StrEnum):
    PL = "pl"
    EN = "en"


class TableFormat(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class ChartFormat(StrEnum):
    SVG = "svg"
    PNG = "png"
