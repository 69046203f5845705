"""Reading documents of the read models."""

from uuid import UUID

from pymongo.collection import Collection

from shared.contracts.model import Published
from shared.kernel.errors import Rejected
from shared.runtime.views import Document


def existing(
    collection: Collection[Document], identity: UUID, condition: Document | None = None
) -> Document:
    """A document by its id. What the condition leaves out does not exist: refused as `not_found`."""
    document = collection.find_one({"_id": str(identity)} | (condition or {}))
    if document is None:
        raise Rejected("not_found", {"id": str(identity)})
    return document


def facts_for(document: Document, view: type[Published]) -> Document:
    """What a view tells of a document under the same name."""
    names = view.model_fields.keys() & document.keys()
    return {name: document[name] for name in names} | {"id": document["_id"]}
