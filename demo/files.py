"""The people as an office would send them: a workbook, and a CSV as Polish Excel saves it."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from demo.mistakes import FileRow
from demo.people import Person

Cell = str | date | None
SAVED_AT = (2026, 4, 7, 9, 30, 0)
"""The moment the file claims to have been saved; a real one would change its bytes each time."""

WORDS = {
    "dependent": "osoba zależna",
    "staff": "kadra",
    "female": "K",
    "male": "M",
    "yes": "tak",
    "no": "nie",
    "refused": "odmowa",
    "passport": "paszport",
    "residence_card": "karta pobytu",
    "isced0": "brak",
    "isced1": "podstawowe",
    "isced2": "gimnazjalne",
    "isced3": "średnie",
    "isced4": "policealne",
    "isced6": "licencjackie",
    "isced7": "magisterskie",
    "isced8": "doktorskie",
    "unemployed_registered": "bezrobotny zarejestrowany",
    "unemployed_unregistered": "bezrobotny niezarejestrowany",
    "inactive": "bierny zawodowo",
    "inactive_in_education": "bierny zawodowo, uczy się",
    "employed": "zatrudniony",
    "public_institution": "instytucja publiczna",
    "social_service": "pomoc społeczna",
    "local_government": "samorząd",
    "ngo": "organizacja pozarządowa",
    "long_term_unemployed": "długotrwale bezrobotny",
    "disabled": "niepełnosprawność",
    "welfare_client": "klient pomocy społecznej",
    "former_prisoner": "opuszczenie zakładu karnego",
    "addicted": "uzależnienie",
    "homeless": "bezdomność",
    "single_parent": "samotne rodzicielstwo",
    "registered_job_seeker": "poszukujący pracy",
}

HEADERS = {
    "kind": "Rodzaj uczestnika",
    "partner": "Partner",
    "reference": "Sygnatura",
    "applied_on": "Data zgłoszenia",
    "given_name": "Imię",
    "family_name": "Nazwisko",
    "pesel": "PESEL",
    "document_type": "Rodzaj dokumentu",
    "document_number": "Numer dokumentu",
    "document_country": "Kraj dokumentu",
    "street": "Ulica",
    "house_number": "Nr domu",
    "postal_code": "Kod pocztowy",
    "city": "Miejscowość",
    "teryt": "TERYT gminy",
    "phone": "Telefon",
    "email": "E-mail",
    "sex": "Płeć",
    "born_on": "Data urodzenia",
    "citizenship": "Obywatelstwo",
    "education": "Wykształcenie",
    "labour_status": "Status na rynku pracy",
    "unemployed_since": "Bez pracy od",
    "institution": "Rodzaj instytucji",
    "institution_name": "Nazwa instytucji",
    "position": "Stanowisko",
    "grounds": "Przesłanki udziału",
    "disability": "Niepełnosprawność",
    "minority": "Mniejszość narodowa lub etniczna",
    "foreign_origin": "Obce pochodzenie",
    "homeless": "Bezdomność",
}


def csv_bytes(rows: Iterable[FileRow]) -> bytes:
    """Windows-1250, semicolons, dd.mm.yyyy."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";")
    writer.writerow(HEADERS.values())
    for row in rows:
        writer.writerow(f"{c:%d.%m.%Y}" if isinstance(c, date) else c for c in cells(row))
    return target.getvalue().encode("cp1250")


def xlsx_bytes(rows: Iterable[FileRow]) -> bytes:
    """A workbook with real dates; the same rows are the same bytes."""
    book = Workbook()
    sheet = cast("Worksheet", book.active)
    sheet.title = "Uczestnicy"
    sheet.append(list(HEADERS.values()))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([_sheet_cell(sheet, cell) for cell in cells(row)])
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return _without_times(target.getvalue())


def _sheet_cell(sheet: Worksheet, value: Cell) -> SheetCell | str | None:
    """A date in a format that shows no time; texts as they are, formulas included."""
    if not isinstance(value, date):
        return value
    cell: SheetCell = WriteOnlyCell(sheet, datetime.combine(value, time()))
    cell.number_format = "yyyy-mm-dd"
    return cell


def cells(row: FileRow) -> list[Cell]:
    """The cells of a row in the order of the headers."""
    values = _values(row.person) | row.written
    return [values[name] or None for name in HEADERS]


def _values(person: Person) -> dict[str, str | date | None]:
    plain = {name: getattr(person, name) for name in HEADERS if hasattr(person, name)}
    values = {name: WORDS.get(v, v) if isinstance(v, str) else v for name, v in plain.items()}
    kind, number, country = person.document
    street, house_number, postal_code, city, teryt = person.address
    return values | {
        "document_type": WORDS.get(kind, ""),
        "document_number": number,
        "document_country": country,
        "street": street,
        "house_number": house_number,
        "postal_code": postal_code,
        "city": city,
        "teryt": teryt,
        "grounds": ", ".join(WORDS[ground] for ground in person.grounds),
    }


def _without_times(workbook: bytes) -> bytes:
    """The same workbook with all moments replaced by `SAVED_AT`."""
    moment = datetime(*SAVED_AT).isoformat() + "Z"  # noqa: DTZ001
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb">[0-9T:.-]+Z<", f">{moment}<".encode(), content)
            entry = zipfile.ZipInfo(name, SAVED_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()
