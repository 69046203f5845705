"""Datasets and releases. What was released for inside is shown to those inside only."""

from services.research.domain.reach import is_inside
from services.research.queries.reading import Reading, in_reach
from shared.contracts.operations import Caller
from shared.contracts.research.views import ById
from shared.contracts.research.views import releases as views
from shared.contracts.research.vocabulary.disclosure import Audience
from shared.contracts.research.vocabulary.publication import PublishedTable
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting
from shared.runtime.documents import existing, facts_for
from shared.runtime.paging import Place
from shared.runtime.views import Document


class Releases:
    def __init__(self, reading: Reading) -> None:
        self._datasets = reading.views["datasets"]
        self._releases = reading.views["releases"]

    def get_dataset(self, request: ById, act: Act) -> views.Dataset:
        return _dataset(existing(self._datasets, request.id, in_reach(act.caller)))

    def list_datasets(self, request: views.ListDatasets, act: Act) -> views.DatasetPage:
        place = Place.of(request.cursor, request.changed_since)
        of_study = {"study_id": str(request.study_id)} if request.study_id else {}
        found = place.find(self._datasets, in_reach(act.caller) | of_study, request.limit)
        items = fitting([_dataset(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.DatasetPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def list_releases(self, request: views.ListReleases, act: Act) -> views.ReleasePage:
        place = Place.of(request.cursor, request.changed_since)
        wanted: Document = {"dataset_id": str(request.dataset_id)}
        if request.audience is not None:
            wanted["audience"] = request.audience.value
        found = place.find(self._releases, {"$and": [wanted, _readable(act.caller)]}, request.limit)
        items = fitting([shown(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.ReleasePage(items=tuple(items), next_cursor=next_cursor, position=position)

    def get_release(self, request: views.GetRelease, act: Act) -> views.Release:
        return shown(self._release(request, act))

    def get_release_table(self, request: views.GetReleaseTable, act: Act) -> views.ReleaseTable:
        document = self._release(request, act)
        table = table_of(document["tables"], request.number)
        cells = tuple(fitting(table.cells[request.cell :]))
        following = request.cell + len(cells)
        return views.ReleaseTable(
            release_id=request.release_id,
            next_cell=following if following < len(table.cells) else None,
            **{
                name: getattr(table, name)
                for name in ("number", "title", "measure", "variable", "unit", "axes", "filters")
            },
            cells=cells,
        )

    def _release(self, request: views.GetRelease, act: Act) -> Document:
        condition = {"$and": [{"dataset_id": str(request.dataset_id)}, _readable(act.caller)]}
        return existing(self._releases, request.release_id, condition)


def table_of(tables: list[Document], number: int) -> PublishedTable:
    """Raises `not_found`."""
    for each in tables:
        if each["number"] == number:
            return PublishedTable.model_validate(each)
    raise Rejected("not_found", {"number": number})


def _readable(caller: Caller) -> Document:
    public: Document = {"audience": Audience.PUBLIC.value}
    if not is_inside(caller):
        return public
    return {"$or": [public, in_reach(caller)]}


def _dataset(document: Document) -> views.Dataset:
    facts = facts_for(document, views.Dataset)
    return views.Dataset.model_validate(facts | {"position": document["edition"]})


def shown(document: Document) -> views.Release:
    tables = [PublishedTable.model_validate(each) for each in document["tables"]]
    filters = tables[0].filters if tables else ()
    return views.Release.model_validate(
        facts_for(document, views.Release)
        | {
            "rounding": document["query"]["rounding"],
            "filters": filters,
            "tables": tuple(_summary(each) for each in tables),
        }
    )


def _summary(table: PublishedTable) -> views.TableSummary:
    return views.TableSummary(
        number=table.number,
        title=table.title,
        measure=table.measure,
        axes=tuple(axis.name for axis in table.axes),
        cells=len(table.cells),
        suppressed=table.suppressed,
    )
