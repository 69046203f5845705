"""What a publication was made from, for machines: enough to make it again and compare."""

from collections.abc import Iterable
from typing import Any

import rfc8785

from services.research.formats.publication import Publication, table_file
from shared.contracts.research.vocabulary.diagnoses import PublishedFile
from shared.contracts.research.vocabulary.publication import PublishedTable


def manifest_json(publication: Publication, files: Iterable[PublishedFile]) -> bytes:
    """Filters of each table, the position of the ledger that answers are counted up to, the versions of
    the definitions, the SHA-256 of each file. Canonical JSON (RFC 8785).
    """
    contents = publication.contents
    return (
        rfc8785.dumps(
            {
                "diagnosis_id": str(publication.diagnosis_id),
                "code": contents.code,
                "report_version": contents.report_version,
                "study_id": str(contents.study_id),
                "as_of": contents.as_of,
                "published_on": publication.published_on.isoformat(),
                "licence": publication.licence,
                "territory": list(contents.territory),
                "releases": [str(each) for each in contents.releases],
                "disclosure_rule": publication.disclosure_rule,
                "need_index": {
                    "definition": contents.need.definition,
                    "version": contents.need.version,
                    "year": contents.need.year,
                },
                "tables": [_table(each) for each in publication.tables],
                "files": [each.model_dump(mode="json") for each in files],
            }
        )
        + b"\n"
    )


def _table(table: PublishedTable) -> dict[str, Any]:
    return {
        "number": table.number,
        "file": table_file(table),
        "title": table.title.model_dump(mode="json"),
        "measure": table.measure,
        "axes": [axis.name for axis in table.axes],
        "filters": [each.model_dump(mode="json") for each in table.filters],
        "cells": len(table.cells),
        "suppressed": table.suppressed,
    }
