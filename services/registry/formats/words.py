"""The words by which people write coded values, in Polish and English."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from shared.contracts.registry.vocabulary import (
    Answer,
    Education,
    Ground,
    Institution,
    Kind,
    LabourStatus,
    Sex,
)
from shared.runtime.tables.words import Words, fold


class DocumentType(StrEnum):
    PASSPORT = "passport"
    RESIDENCE_CARD = "residence_card"
    ID_CARD = "id_card"
    OTHER = "other"


KIND = Words(
    {
        Kind.DEPENDENT: (
            "osoba zależna",
            "dependent",
            "grupa zależna",
            "uczestnik",
            "dependent group",
        ),
        Kind.STAFF: ("kadra", "staff", "pracownik instytucji", "pracownik"),
    }
)
SEX = Words(
    {
        Sex.FEMALE: ("kobieta", "female", "K", "F", "woman"),
        Sex.MALE: ("mężczyzna", "male", "M", "man"),
        Sex.NON_BINARY: ("niebinarna", "non-binary", "osoba niebinarna", "X"),
    }
)
EDUCATION = Words(
    {
        Education.NONE: ("brak", "none", "niepełne podstawowe", "ISCED 0"),
        Education.PRIMARY: ("podstawowe", "primary", "ISCED 1"),
        Education.LOWER_SECONDARY: ("gimnazjalne", "lower secondary", "ISCED 2"),
        Education.UPPER_SECONDARY: (
            "ponadgimnazjalne",
            "upper secondary",
            "średnie",
            "zawodowe",
            "zasadnicze zawodowe",
            "branżowe",
            "ponadpodstawowe",
            "ISCED 3",
        ),
        Education.POST_SECONDARY: ("policealne", "post-secondary", "pomaturalne", "ISCED 4"),
        Education.SHORT_TERTIARY: (
            "krótkie wyższe",
            "short-cycle tertiary",
            "kolegium",
            "ISCED 5",
        ),
        Education.BACHELOR: (
            "licencjackie",
            "bachelor",
            "licencjat",
            "inżynierskie",
            "inżynier",
            "ISCED 6",
        ),
        Education.MASTER: ("magisterskie", "master", "magister", "ISCED 7"),
        Education.DOCTORAL: ("doktorskie", "doctoral", "doktorat", "ISCED 8"),
    }
)
"""`wyższe` alone is refused: it may mean ISCED 5 to 8."""
LABOUR_STATUS = Words(
    {
        LabourStatus.UNEMPLOYED_REGISTERED: (
            "bezrobotny zarejestrowany",
            "unemployed, registered",
            "bezrobotna zarejestrowana",
        ),
        LabourStatus.UNEMPLOYED_UNREGISTERED: (
            "bezrobotny niezarejestrowany",
            "unemployed, not registered",
            "bezrobotna niezarejestrowana",
        ),
        LabourStatus.INACTIVE: (
            "bierny zawodowo",
            "inactive",
            "bierna zawodowo",
            "nieaktywny zawodowo",
            "nieaktywna zawodowo",
        ),
        LabourStatus.INACTIVE_IN_EDUCATION: (
            "bierny zawodowo, uczy się",
            "inactive, in education",
            "bierna zawodowo, uczy się",
        ),
        LabourStatus.EMPLOYED: ("zatrudniony", "employed", "zatrudniona", "pracujący", "pracująca"),
        LabourStatus.SELF_EMPLOYED: (
            "samozatrudniony",
            "self-employed",
            "samozatrudniona",
            "działalność gospodarcza",
        ),
    }
)
INSTITUTION = Words(
    {
        Institution.PUBLIC_INSTITUTION: ("instytucja publiczna", "public institution"),
        Institution.SOCIAL_SERVICE: ("pomoc społeczna", "social service"),
        Institution.LOCAL_GOVERNMENT: ("samorząd", "local government", "jednostka samorządu"),
        Institution.NGO: ("organizacja pozarządowa", "NGO", "stowarzyszenie", "fundacja"),
    }
)
GROUND = Words(
    {
        Ground.LONG_TERM_UNEMPLOYED: (
            "długotrwale bezrobotny",
            "long-term unemployed",
            "długotrwale bezrobotna",
            "długotrwałe bezrobocie",
        ),
        Ground.DISABLED: ("niepełnosprawność", "disabled", "niepełnosprawny", "niepełnosprawna"),
        Ground.WELFARE_CLIENT: (
            "klient pomocy społecznej",
            "welfare client",
            "klientka pomocy społecznej",
            "pomoc społeczna",
        ),
        Ground.FORMER_PRISONER: (
            "opuszczenie zakładu karnego",
            "former prisoner",
            "były więzień",
            "była więźniarka",
        ),
        Ground.ADDICTED: ("uzależnienie", "addicted", "uzależniony", "uzależniona"),
        Ground.HOMELESS: ("bezdomność", "homeless", "bezdomny", "bezdomna"),
        Ground.SINGLE_PARENT: (
            "samotne rodzicielstwo",
            "single parent",
            "samotny rodzic",
            "samotna matka",
            "samotny ojciec",
        ),
        Ground.JOB_SEEKER: (
            "poszukujący pracy",
            "registered job seeker",
            "poszukująca pracy",
            "job seeker",
        ),
    }
)
ANSWER = Words(
    {
        Answer.YES: ("tak", "yes", "T", "Y", "true", "prawda"),
        Answer.NO: ("nie", "no", "N", "false", "fałsz"),
        Answer.REFUSED: ("odmowa", "refused", "odmowa podania", "odmowa odpowiedzi"),
    }
)
DOCUMENT_TYPE = Words(
    {
        DocumentType.PASSPORT: ("paszport", "passport"),
        DocumentType.RESIDENCE_CARD: ("karta pobytu", "residence card"),
        DocumentType.ID_CARD: ("dowód osobisty", "identity card", "dowód"),
        DocumentType.OTHER: ("inny", "other"),
    }
)
COUNTRIES: Mapping[str, str] = MappingProxyType(
    {
        fold(word): code
        for code, words in {
            "AM": ("Armenia",),
            "BY": ("Białoruś", "Belarus"),
            "CZ": ("Czechy", "Czechia"),
            "DE": ("Niemcy", "Germany"),
            "GE": ("Gruzja", "Georgia"),
            "LT": ("Litwa", "Lithuania"),
            "MD": ("Mołdawia", "Moldova"),
            "PL": ("Polska", "Poland", "polskie"),
            "RU": ("Rosja", "Russia"),
            "SK": ("Słowacja", "Slovakia"),
            "UA": ("Ukraina", "Ukraine", "ukraińskie"),
            "VN": ("Wietnam", "Vietnam"),
        }.items()
        for word in words
    }
)
"""Names taken beside the two-letter codes of ISO 3166-1."""
