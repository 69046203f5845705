"""Each public event is one fact here, once, sealed as it came; and everything published is noted."""

import json
from uuid import UUID

import pytest

from services.reporting.domain.noted import Noted, Participant
from services.reporting.reactions import BOXES, PUBLISHERS
from shared.contracts import catalogue
from shared.contracts.events import PublicEvent
from shared.contracts.kasa import events as kasa
from shared.contracts.kasa.vocabulary.calls import Offer
from shared.contracts.operations import NoRequest
from shared.contracts.registry import events as registry
from shared.contracts.reporting.views.facts import ListFacts
from shared.contracts.training import events as training
from shared.contracts.training.vocabulary import Mode
from shared.kernel.errors import Rejected
from shared.kernel.money import Money
from shared.kernel.personal import DataClass
from tests.neighbour import Neighbour
from tests.reporting.conftest import Reporting
from tests.reporting.telling import (
    STARTED,
    enrolled,
    person,
    registered,
    sealed,
    told_by,
)

ANNA, BARBARA, EDITION, ENTERPRISE, LOAN = (person(n) for n in range(5))


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_everything_that_is_published_is_noted(publisher: str) -> None:
    assert set(PUBLISHERS[publisher]) == set(catalogue.published(publisher))


@pytest.mark.parametrize(
    "event", [event for table in PUBLISHERS.values() for event in table], ids=lambda e: e.TYPE
)
def test_any_of_them_becomes_one_fact(reporting: Reporting, event: type[PublicEvent]) -> None:
    example = json.loads(catalogue.example_file(event).read_text())
    if event is registry.ParticipantErased:
        example["data_classes"] = ["monitoring"]
    publisher = event.TYPE.partition(".")[0]
    told_by(reporting, publisher).tell(event.model_validate(example))
    (fact,) = reporting.followed.views["facts"].find()
    how = PUBLISHERS[publisher][event]
    assert fact["stream"] == example[how.named_by]
    assert (fact["kind"], fact["occurred_on"]) == (event.TYPE, example[how.day])
    kept = fact["data"] | {"subject": fact["about"]}
    assert kept == {name: value for name, value in example.items() if name not in BOXES}
    assert fact["boxes"] == {name: example[name] for name in BOXES if name in example}


def test_an_event_that_comes_again_is_the_same_fact(reporting: Reporting) -> None:
    neighbour = told_by(reporting, "registry")
    neighbour.tell(registered(reporting, ANNA), enrolled(ANNA))
    for envelope in neighbour.envelopes:
        neighbour.inbox.receive(envelope)
    neighbour.restart()
    neighbour.inbox.catch_up()
    reporting.project()
    assert reporting.followed.views["facts"].count_documents({}) == 2
    assert reporting.composition.application.load(Participant, ANNA).facts == 2


def test_a_second_consumer_records_nothing(reporting: Reporting) -> None:
    reactions = reporting.composition.to["registry"]
    first, second = (Neighbour(reactions, reporting.project) for _ in range(2))
    envelope = first.publish(enrolled(ANNA))
    first.inbox.receive(envelope)
    second.inbox.receive(envelope)
    assert reporting.composition.application.load(Noted, ANNA).facts == 1


def test_what_is_sealed_stays_sealed(reporting: Reporting) -> None:
    event = registered(reporting, ANNA, sex="male", born_on="1971-11-13")
    told_by(reporting, "registry").tell(event)
    (document,) = reporting.followed.views["facts"].find()
    assert isinstance(event, registry.ParticipantRegistered)
    assert event.monitoring
    assert document["boxes"]["monitoring"] == event.monitoring.model_dump(mode="json")
    commits = reporting.composition.application.recorder.ledger.commits(1, 10)
    everything = str(document) + "".join(str(e.state) for c in commits for e in c.events)
    assert "1971" not in everything


def test_a_merge_its_undoing_and_an_erasure_are_facts_of_the_participant(
    reporting: Reporting,
) -> None:
    told_by(reporting, "registry").tell(
        registered(reporting, ANNA),
        registry.ParticipantMerged(subject=ANNA, into=BARBARA, decided_on=STARTED),
        registry.MergeUndone(subject=ANNA, out_of=BARBARA, decided_on=STARTED),
        registry.ParticipantErased(
            subject=ANNA, data_classes=(DataClass.MONITORING,), erased_on=STARTED
        ),
    )
    page = reporting.ask("list_facts", ListFacts(id=ANNA))
    assert [each.kind.split(".")[1] for each in page.items] == [
        "participant_registered",
        "participant_merged",
        "merge_undone",
        "participant_erased",
    ]
    assert [each.sealed for each in page.items] == [True, False, False, False]


def test_facts_are_kept_by_what_they_are_about(reporting: Reporting) -> None:
    session = person(9)
    told_by(reporting, "training").tell(
        training.SessionHeld(
            subject=session,
            edition_id=EDITION,
            topic="BHP",
            held_on=STARTED,
            mode=Mode.ON_SITE,
            minutes=90,
        )
    )
    told_by(reporting, "kasa").tell(
        kasa.Disbursed(
            subject=ENTERPRISE,
            contract_id=LOAN,
            offer=Offer.LOAN,
            amount=Money.of("100.00"),
            paid_on=STARTED,
        )
    )
    assert reporting.ask("list_facts", ListFacts(id=EDITION)).items[0].about == session
    assert reporting.ask("list_facts", ListFacts(id=LOAN)).items[0].about == ENTERPRISE
    known = reporting.ask("get_known_facts", NoRequest())
    assert [(each.ledger, each.facts, each.through) for each in known.items] == [
        ("kasa", 1, 1),
        ("training", 1, 1),
    ]


def test_of_what_nothing_is_known_nothing_is_told(reporting: Reporting) -> None:
    with pytest.raises(Rejected) as refusal:
        reporting.ask("list_facts", ListFacts(id=UUID(int=7)))
    assert refusal.value.code == "not_found"


def test_pages_go_on_where_they_ended(reporting: Reporting) -> None:
    updated = [
        registry.ParticipantUpdated(
            subject=ANNA, changed_on=STARTED, monitoring=sealed(reporting, ANNA, n, monitoring={})
        )
        for n in range(2, 5)
    ]
    told_by(reporting, "registry").tell(registered(reporting, ANNA), *updated)
    first = reporting.ask("list_facts", ListFacts(id=ANNA, limit=3))
    rest = reporting.ask("list_facts", ListFacts(id=ANNA, limit=3, skip=first.next_skip))
    places = [each.position for each in (*first.items, *rest.items)]
    assert (places, rest.next_skip) == ([1, 3, 5, 7], None)
