"""The columns of a participant file: their names, where their values go, and how they are read."""

from services.registry.formats.values import country, grounds
from services.registry.formats.words import (
    ANSWER,
    DOCUMENT_TYPE,
    EDUCATION,
    GROUND,
    INSTITUTION,
    KIND,
    LABOUR_STATUS,
    SEX,
)
from shared.runtime.tables.columns import Column, Path, Table
from shared.runtime.tables.errors import Text
from shared.runtime.tables.values import code, day, digits, lower, one_of, text
from shared.runtime.tables.words import Words


def _choice(path: Path, pl: str, en: str, words: Words, *also: str) -> Column:
    example = next(iter(words.names.values())).pl
    return Column(path, pl, en, one_of(words), words.allowed, example, also, words)


_LONG = Text("tekst do 200 znaków", "text of at most 200 characters")
_DAY = Text("data rrrr-mm-dd albo dd.mm.rrrr", "date yyyy-mm-dd or dd.mm.yyyy")
_COUNTRY = Text("dwie litery ISO 3166-1, np. PL, UA", "two letters of ISO 3166-1, e.g. PL, UA")
_IDENTITY = ("personal", "identity")
_ADDRESS = (*_IDENTITY, "address")
_OTHER_ID = (*_IDENTITY, "other_id")
_MONITORING = ("personal", "monitoring")
_SPECIAL = ("personal", "special")

COLUMNS: tuple[Column, ...] = (
    Column(
        ("kind",),
        "Rodzaj uczestnika",
        "Kind",
        one_of(KIND),
        KIND.allowed,
        "osoba zależna",
        ("Rodzaj", "Grupa"),
        KIND,
        mandatory=True,
    ),
    Column(
        ("partner",),
        "Partner",
        "Partner",
        lower,
        Text("skrót partnera, np. mops-radom", "the partner's short name, e.g. mops-radom"),
        "mops-radom",
    ),
    Column(
        ("reference",),
        "Sygnatura",
        "Reference",
        code,
        Text(
            "litery bez znaków polskich, cyfry i znaki . / _ -, do 100",
            "plain letters, digits and . / _ -, at most 100",
        ),
        "MOPS/2026/017",
        ("Numer akt", "File number"),
    ),
    Column(
        ("applied_on",),
        "Data zgłoszenia",
        "Applied on",
        day,
        _DAY,
        "2026-02-14",
        ("Application date",),
        mandatory=True,
    ),
    Column(
        (*_IDENTITY, "given_name"),
        "Imię",
        "Given name",
        text,
        _LONG,
        "Anna",
        ("Imiona", "First name"),
        mandatory=True,
    ),
    Column(
        (*_IDENTITY, "family_name"),
        "Nazwisko",
        "Family name",
        text,
        _LONG,
        "Wiśniewska",
        ("Last name", "Surname"),
        mandatory=True,
    ),
    Column(
        (*_IDENTITY, "pesel"),
        "PESEL",
        "PESEL",
        digits(11),
        Text("11 cyfr z poprawną cyfrą kontrolną", "11 digits with a correct check digit"),
        "44051401359",
        ("Numer PESEL",),
    ),
    _choice((*_OTHER_ID, "type"), "Rodzaj dokumentu", "Document type", DOCUMENT_TYPE),
    Column((*_OTHER_ID, "number"), "Numer dokumentu", "Document number", text, _LONG, "FX123456"),
    Column((*_OTHER_ID, "country"), "Kraj dokumentu", "Document country", country, _COUNTRY, "UA"),
    Column((*_ADDRESS, "street"), "Ulica", "Street", text, _LONG, "Słowackiego"),
    Column(
        (*_ADDRESS, "house_number"),
        "Numer domu",
        "House number",
        text,
        _LONG,
        "12/4",
        ("Nr domu", "Numer domu i lokalu", "Nr domu/lokalu"),
    ),
    Column(
        (*_ADDRESS, "postal_code"),
        "Kod pocztowy",
        "Postal code",
        code,
        Text("kod w postaci 00-000", "a code like 00-000"),
        "26-600",
    ),
    Column(
        (*_ADDRESS, "city"),
        "Miejscowość",
        "City",
        text,
        _LONG,
        "Radom",
        ("Miasto", "Town"),
    ),
    Column(
        (*_ADDRESS, "teryt"),
        "TERYT gminy",
        "TERYT",
        digits(7),
        Text("7 cyfr kodu gminy (WWPPGGR)", "the 7 digits of the commune code (WWPPGGR)"),
        "1463011",
        ("TERYT", "Kod gminy", "Commune code"),
    ),
    Column(
        (*_IDENTITY, "phone"),
        "Telefon",
        "Phone",
        code,
        Text(
            "od 7 do 20 cyfr i spacji, może zacząć się +", "7 to 20 digits and spaces, + may lead"
        ),
        "+48 600 100 200",
        ("Numer telefonu", "Phone number"),
    ),
    Column(
        (*_IDENTITY, "email"),
        "E-mail",
        "E-mail",
        text,
        Text("adres e-mail", "an e-mail address"),
        "anna@example.org",
        ("Adres e-mail", "Poczta elektroniczna"),
    ),
    _choice((*_MONITORING, "sex"), "Płeć", "Sex", SEX, "Gender"),
    Column(
        (*_MONITORING, "born_on"),
        "Data urodzenia",
        "Born on",
        day,
        _DAY,
        "1944-05-14",
        ("Date of birth", "Birth date"),
    ),
    Column(
        (*_MONITORING, "citizenship"),
        "Obywatelstwo",
        "Citizenship",
        country,
        _COUNTRY,
        "PL",
    ),
    _choice((*_MONITORING, "education"), "Wykształcenie", "Education", EDUCATION),
    _choice(
        (*_MONITORING, "labour_status"),
        "Status na rynku pracy",
        "Labour status",
        LABOUR_STATUS,
        "Status zawodowy",
    ),
    Column(
        (*_MONITORING, "unemployed_since"),
        "Bez pracy od",
        "Unemployed since",
        day,
        _DAY,
        "2024-11-01",
        ("Data utraty pracy",),
    ),
    _choice((*_MONITORING, "institution"), "Rodzaj instytucji", "Institution type", INSTITUTION),
    Column(
        (*_MONITORING, "institution_name"),
        "Nazwa instytucji",
        "Institution name",
        text,
        _LONG,
        "Fundacja Most",
        ("Instytucja",),
    ),
    Column((*_MONITORING, "position"), "Stanowisko", "Position", text, _LONG, "doradca zawodowy"),
    Column(
        (*_SPECIAL, "grounds"),
        "Przesłanki udziału",
        "Grounds",
        grounds,
        GROUND.allowed,
        "niepełnosprawność, bezdomność",
        ("Przesłanki",),
        GROUND,
    ),
    _choice((*_SPECIAL, "disability"), "Niepełnosprawność", "Disability", ANSWER),
    _choice(
        (*_SPECIAL, "minority"),
        "Mniejszość narodowa lub etniczna",
        "Minority",
        ANSWER,
        "Mniejszość",
    ),
    _choice((*_SPECIAL, "foreign_origin"), "Obce pochodzenie", "Foreign origin", ANSWER),
    _choice((*_SPECIAL, "homeless"), "Bezdomność", "Homeless", ANSWER, "Osoba bezdomna"),
)
TABLE = Table(COLUMNS)
