"""Certificates, for those who issue them, for their holders, and for whoever has one in hand."""

from collections.abc import Sequence
from typing import Any, Final

from services.training.domain.reach import Reach
from services.training.formats.certificate import certificate_pdf
from services.training.queries.printing import PDF, Printing
from services.training.queries.reading import Reading
from shared.contracts.access import VISIBLE, Role
from shared.contracts.operations import Caller
from shared.contracts.training import views
from shared.contracts.vocabulary import PersonName
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.personal import Absent, DataClass, SealedBox
from shared.messaging.wire import fitting
from shared.runtime.paging import Place
from shared.runtime.views import Document

IDENTITY: Final = frozenset({DataClass.IDENTITY})


class Certificates:
    def __init__(self, reading: Reading, printing: Printing) -> None:
        self._reading = reading
        self._printing = printing
        self._certificates = reading.views["certificates"]

    def get_certificate(self, request: views.ById, act: Act) -> views.Certificate:
        (certificate,) = self._shown([self._found(request, act)], act)
        return certificate

    def list_certificates(self, request: views.ListCertificates, act: Act) -> views.CertificatePage:
        """In order of the last change."""
        wanted = request.model_dump(
            include={"edition_id", "participant_id"}, exclude_none=True, mode="json"
        )
        place = Place.of(request.cursor, request.changed_since)
        condition = {"$and": [wanted, _in_reach(act.caller)]}
        found = place.find(self._certificates, condition, request.limit)
        items = fitting(self._shown(found[: request.limit], act))
        next_cursor, position = place.end(found, len(items))
        return views.CertificatePage(items=tuple(items), next_cursor=next_cursor, position=position)

    def verify_certificate(self, request: views.VerifyCertificate, _act: Act) -> views.Verification:
        """What the certificate says, to whoever has its code; whose code it is, is not recorded."""
        document = self._certificates.find_one({"verification_code": request.code})
        if document is None:
            raise Rejected("not_found")
        (holder,) = self._holders([document])
        shown = {
            name: document[name] for name in views.Verification.model_fields if name in document
        }
        return views.Verification.model_validate(
            shown | {"holder": holder, "valid": document["revoked_on"] is None}
        )

    def render_certificate(self, request: views.ById, act: Act) -> views.Document:
        """Print it, the same bytes every time. Refused as `subject_erased`."""
        certificate = self.get_certificate(request, act)
        if certificate.holder is None:
            raise Rejected("subject_erased", {"id": str(certificate.participant_id)})
        document = certificate_pdf(
            certificate,
            certificate.holder,
            self._reading.rules.project.on(certificate.issued_on),
            f"{self._printing.verification_url}/{certificate.verification_code}",
        )
        return self._printing.keep(
            document, f"zaswiadczenie-{certificate.number.replace('/', '-')}.pdf", PDF
        )

    def _found(self, request: views.ById, act: Act) -> Document:
        document = self._certificates.find_one(
            {"$and": [{"_id": str(request.id)}, _in_reach(act.caller)]}
        )
        if document is None:
            raise Rejected("not_found", {"id": str(request.id)})
        return document

    def _shown(self, documents: Sequence[Document], act: Act) -> list[views.Certificate]:
        """With the holders' names for those who may see them, which is recorded."""
        visible = any(DataClass.IDENTITY in VISIBLE[role] for role in act.caller.roles)
        holders = self._holders(documents) if visible else [None] * len(documents)
        shown = [
            _view(document, holder) for document, holder in zip(documents, holders, strict=True)
        ]
        if told := [each.participant_id for each in shown if each.holder is not None]:
            self._reading.record_read(act, told, IDENTITY)
        return shown

    def _holders(self, documents: Sequence[Document]) -> list[PersonName | None]:
        """None once the person's data were erased."""
        sealed = [SealedBox.model_validate(each["holder"]) for each in documents if each["holder"]]
        opened = iter(self._reading.vault.open_many(sealed))
        return [_name(next(opened)) if each["holder"] else None for each in documents]


def _name(opened: dict[str, Any] | Absent) -> PersonName | None:
    return None if isinstance(opened, Absent) else PersonName.model_validate(opened["holder"])


def _view(document: Document, holder: PersonName | None) -> views.Certificate:
    shown = {name: document[name] for name in views.Certificate.model_fields if name in document}
    return views.Certificate.model_validate(shown | {"id": document["_id"], "holder": holder})


def _in_reach(caller: Caller) -> Document:
    """The part of a query on certificates that keeps it within the caller's reach: participants
    have their own.
    """
    reach = Reach.of(caller)
    if reach.everything:
        return {}
    mine: list[Document] = []
    if reach.partner is not None:
        mine.append({"partner": reach.partner})
    if Role.PARTICIPANT in caller.roles and caller.participant_id is not None:
        mine.append({"participant_id": str(caller.participant_id)})
    return {"$or": mine} if mine else {"_id": None}
