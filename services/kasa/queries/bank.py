"""Lines of bank statements."""

from services.kasa.queries.reading import Reading
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import bank as views
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.kernel.personal import Absent, DataClass, SealedBox
from shared.messaging.wire import fitting
from shared.runtime.documents import existing, facts_for
from shared.runtime.paging import Place
from shared.runtime.views import Document

ASKED = {"source", "state", "direction", "contract_id", "import_id"}


class Bank:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._lines = reading.views["bank_lines"]

    def list_bank_lines(self, request: views.ListBankLines, _act: Act) -> views.BankLinePage:
        place = Place.of(request.cursor, request.changed_since)
        asked = request.model_dump(mode="json", include=ASKED, exclude_none=True)
        found = place.find(self._lines, asked, request.limit)
        rows = [facts_for(each, views.BankLine) for each in found[: request.limit]]
        items = fitting([views.BankLine.model_validate(each) for each in rows])
        next_cursor, position = place.end(found, len(items))
        return views.BankLinePage(items=tuple(items), next_cursor=next_cursor, position=position)

    def get_bank_line(self, request: ById, act: Act) -> views.BankLineCard:
        document = existing(self._lines, request.id)
        facts = facts_for(document, views.BankLine)
        return views.BankLineCard.model_validate(facts | self._opened(document, act))

    def _opened(self, document: Document, act: Act) -> Document:
        """Payer and title, for those who may see them; the read is recorded."""
        sealed = document["box"]
        if sealed is None or DataClass.IDENTITY not in Scope.of(act.caller).data_classes:
            return {}
        box = SealedBox.model_validate(sealed)
        values = self._reading.vault.open(box)
        if isinstance(values, Absent):
            return {}
        self._reading.record_read(act, {box.subject}, frozenset({box.data_class}))
        return {name: values[name] for name in ("payer_account", "title")}
