"""The need of communes: learnt from published diagnoses, counted where a call scores by it."""

from datetime import date
from decimal import Decimal

from eventsourcing.persistence import Tracking

from services.kasa.application import Kasa
from services.kasa.domain.application import Application
from services.kasa.domain.call import Call
from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.ids import id_of
from services.kasa.domain.need import Need
from shared.contracts.kasa.vocabulary.calls import Origin
from shared.contracts.research.events import DiagnosisPublished
from shared.kernel.provenance import Provenance


def learn_needs(
    kasa: Kasa, event: DiagnosisPublished, provenance: Provenance, tracking: Tracking
) -> None:
    """Of all communes of a diagnosis, in one commit."""
    values = {id_of("need", each.teryt): each for each in event.indices}
    known = kasa.find_many(values)
    needs = []
    for stream, told in values.items():
        found = known.get(stream)
        need = found if isinstance(found, Need) else Need(stream)
        need.tell(
            told.teryt,
            Decimal(told.value),
            diagnosis_id=event.diagnosis_id,
            index_code=event.index_code,
            index_version=event.index_version,
            on=event.published_on,
        )
        needs.append(need)
    kasa.record(*needs, provenance=provenance, tracking=tracking)


def count_need(kasa: Kasa, application: Application, call: Call, on: date) -> None:
    """As it is known when an application is found formally right, once and for all: what is published
    later changes no assessment that has begun. Nothing is counted where no diagnosis tells of the
    commune yet.
    """
    criteria = call.content.criteria.of(Origin.NEED_INDEX)
    enterprise = kasa.load(Enterprise, application.origin.enterprise_id)
    need = kasa.find(Need, id_of("need", enterprise.terms.teryt))
    if need is None or need.told is None or need.share is None or need.basis is None:
        return
    for criterion in criteria:
        application.record_input(
            call,
            criterion,
            share=need.share,
            basis=need.basis,
            basis_version=need.told.index_version,
            on=on,
            today=kasa.today(),
        )
