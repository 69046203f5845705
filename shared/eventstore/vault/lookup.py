"""Finding subjects by equal personal values, through keyed digests only."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from pymongo import ASCENDING, IndexModel, InsertOne
from pymongo.collection import Collection as Documents
from pymongo.errors import BulkWriteError

from shared.eventstore.vault.index import BlindIndex

_DUPLICATE_KEY = 11000


class Term(NamedTuple):
    """A normalised value under a purpose (`pesel`, `born_on`, …)."""

    purpose: str
    value: str


class Lookup:
    """The index of one service: digests of terms → subjects.

    Entries are written before the event that they belong to, so that of two simultaneous
    registrations of one person at least one sees the other. An entry without an event leads to a
    subject that does not exist, which the reader skips.
    """

    def __init__(self, documents: Documents[dict[str, Any]], index: BlindIndex) -> None:
        self._documents = documents
        self._index = index

    def prepare(self) -> None:
        """Create the indexes where they are missing."""
        self._documents.create_indexes(
            [IndexModel([("d", ASCENDING)]), IndexModel([("s", ASCENDING)])]
        )

    def add_many(self, terms: Mapping[UUID, Iterable[Term]]) -> None:
        """Index the terms of each subject; terms that are there already stay."""
        writes = [
            InsertOne({"_id": f"{digest}/{subject}", "d": digest, "s": str(subject)})
            for subject, wanted in terms.items()
            for digest in self._digests(wanted).values()
        ]
        if not writes:
            return
        try:
            self._documents.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if any(each["code"] != _DUPLICATE_KEY for each in error.details["writeErrors"]):
                raise

    def find(self, terms: Collection[Term]) -> Mapping[Term, set[UUID]]:
        """The subjects that share each term."""
        digests = self._digests(terms)
        subjects: dict[str, set[UUID]] = {digest: set() for digest in digests.values()}
        for entry in self._documents.find({"d": {"$in": list(subjects)}}, {"d": 1, "s": 1}):
            subjects[entry["d"]].add(UUID(entry["s"]))
        return {term: subjects[digest] for term, digest in digests.items()}

    def find_all(self, terms: Collection[Term]) -> set[UUID]:
        """The subjects that share every one of the terms."""
        found = list(self.find(terms).values())
        return set.intersection(*found) if found else set()

    def remove(self, subject: UUID) -> None:
        """Forget a subject, as part of an erasure."""
        self._documents.delete_many({"s": str(subject)})

    def _digests(self, terms: Iterable[Term]) -> dict[Term, str]:
        return {term: self._index.digest(term.purpose, term.value) for term in terms}
