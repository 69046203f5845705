"""The two languages of documents, and the words that are in all of them."""

from typing import Final

from services.reporting.formats.labels import Label
from shared.runtime.speaking import Spoken

EMPTY: Final = "\N{EN DASH}"


class Language(Spoken):
    PL = "pl"
    EN = "en"

    def word(self, name: str, **facts: object) -> str:
        return self.of(WORDS[name]).format(**facts)

    @property
    def tag(self) -> str:
        return "pl-PL" if self is Language.PL else "en-GB"


WORDS: Final = {
    "actual": Label(pl="Wykonanie", en="Actual"),
    "after": Label(pl="Po", en="After"),
    "as_of": Label(pl="Stan na dzień", en="True on"),
    "before": Label(pl="Przed", en="Before"),
    "cell": Label(pl="Wartość", en="Value"),
    "code": Label(pl="Kod", en="Code"),
    "change": Label(pl="Różnica", en="Difference"),
    "dataset": Label(pl="Skrót danych (SHA-256)", en="Digest of the dataset (SHA-256)"),
    "definition": Label(pl="Wersja definicji", en="Version of the definition"),
    "difference": Label(pl="Wyjaśnienie różnicy", en="Explained difference"),
    "facts": Label(pl="Liczba zdarzeń", en="Number of events"),
    "first_on": Label(pl="Od", en="From"),
    "incomplete": Label(pl="Niepełne dane", en="Incomplete"),
    "indicators": Label(pl="Tabela wskaźników", en="Table of indicators"),
    "known_at": Label(pl="Wiedza na dzień", en="Known on"),
    "last_on": Label(pl="Do", en="Until"),
    "manifest": Label(pl="Metryka dokumentu", en="Manifest"),
    "name": Label(pl="Wskaźnik", en="Indicator"),
    "not_counted": Label(pl="Nie liczone tutaj", en="Not counted here"),
    "number": Label(pl="Ogółem", en="Number"),
    "numbers": Label(pl="Wskaźniki", en="Indicators"),
    "page": Label(pl="Strona", en="Page"),
    "percent": Label(pl="% planu", en="% of target"),
    "period": Label(pl="Okres", en="Period"),
    "plan": Label(pl="Wykonanie planu", en="Actual against plan"),
    "plan_number": Label(pl="Wersja planu", en="Version of the plan"),
    "position": Label(pl="Pozycja dziennika", en="Position of the ledger"),
    "reason": Label(pl="Powód", en="Reason"),
    "refused": Label(pl="Odmowy", en="Refused"),
    "report": Label(pl="Sprawozdanie", en="Report"),
    "report_number": Label(pl="Numer sprawozdania", en="Number of the report"),
    "report_version": Label(pl="Wersja sprawozdania", en="Version of the report"),
    "sensitive": Label(pl="Dane wrażliwe i niepełne", en="Sensitive and incomplete data"),
    "set": Label(pl="Zestaw wskaźników", en="Set of indicators"),
    "sum": Label(pl="Suma", en="Sum"),
    "target": Label(pl="Plan", en="Target"),
    "total": Label(pl="Razem", en="Total"),
    "unasked": Label(pl="Bez pytania", en="Not asked"),
    "unit": Label(pl="Jednostka", en="Unit"),
    "unreadable": Label(pl="Dane usunięte", en="Erased"),
    "by": Label(pl="w podziale:", en="by"),
    "note_numbers": Label(
        pl=(
            "Osoba o niepełnych danych liczy się tylko w liczbie ogólnej. Kto odmówił odpowiedzi na "
            "pytanie wrażliwe albo nie był pytany, nie liczy się we wskaźniku, który na niej polega."
        ),
        en=(
            "A person with incomplete data is in the grand total only. Who refused a sensitive answer, or "
            "was not asked, is in no number that rests on it."
        ),
    ),
    "note_sum": Label(
        pl="Suma kolumn; przedziały wieku i przyczyny nie obejmują wszystkich, więc nie musi być "
        "równa liczbie ogólnej.",
        en="The sum of the columns; age bands and grounds do not cover everybody, so it need not be the "
        "number itself.",
    ),
    "note_percent": Label(
        pl="Procent obcięty do całości: 100% oznacza plan wykonany.",
        en="Per cent cut off to whole ones: 100% is said only of a target that is reached.",
    ),
    "note_difference": Label(
        pl="Każda jednostka różnicy ma dokładnie jedną przyczynę w każdym kroku; suma przyczyn jest różnicą.",
        en="Each unit of the difference has exactly one cause in each step; the causes sum to it.",
    ),
}
