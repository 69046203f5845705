"""What others tell is kept as it came: the registry's boxes sealed, kasa's enterprises without people."""

from datetime import date
from uuid import UUID

from services.research.domain.enterprise import Enterprise
from services.research.domain.subject import Subject
from shared.contracts.kasa import events as kasa
from shared.contracts.kasa.vocabulary.enterprises import EnterpriseKind, LostPlace
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import Purpose
from shared.contracts.research.vocabulary.subjects import SubjectState
from tests.research.conftest import NOW, Research
from tests.research.telling import began, kasa_of, left, person, registered, registry_of, sealed

ANNA = person(0)
TODAY = NOW.date()
COOPERATIVE, PLACE = (UUID(f"00000000-0000-4000-8000-0000000009{n:02}") for n in range(2))


def subject(research: Research, who: UUID = ANNA) -> Subject:
    return research.composition.application.load(Subject, who)


def test_a_participant_is_followed_from_the_application_to_the_exit(research: Research) -> None:
    told = registry_of(research)
    told.tell(registered(research, ANNA, sex="female"))
    assert (subject(research).state, subject(research).contactable) == (None, False)
    told.tell(registry.ParticipantAdmitted(subject=ANNA, admitted_on=TODAY))
    assert subject(research).state is SubjectState.ADMITTED
    told.tell(registry.ParticipantNotAdmitted(subject=ANNA, decided_on=TODAY))
    assert subject(research).state is None
    told.tell(*began(research, person(1)), left(person(1)))
    assert subject(research, person(1)).state is SubjectState.LEFT
    assert subject(research, person(1)).contactable


def test_whoever_withdraws_consent_is_not_asked(research: Research) -> None:
    told = registry_of(research)
    told.tell(*began(research, ANNA))
    image = registry.ConsentWithdrawn(subject=ANNA, purpose=Purpose.IMAGE, withdrawn_on=TODAY)
    told.tell(image)
    assert subject(research).contactable
    told.tell(image.model_copy(update={"purpose": Purpose.RESEARCH_CONTACT}))
    assert not subject(research).contactable


def test_boxes_are_kept_as_they_came_and_in_order(research: Research) -> None:
    updated, corrected = (sealed(research, ANNA, number, sex="male") for number in (2, 3))
    registry_of(research).tell(
        registered(research, ANNA, sex="female"),
        registry.ParticipantUpdated(subject=ANNA, changed_on=TODAY, monitoring=updated),
        registry.ParticipantUpdated(subject=ANNA, changed_on=TODAY),
        registry.ParticipantCorrected(
            subject=ANNA,
            decided_on=TODAY,
            in_force_on=date(2026, 1, 1),
            fields=("/monitoring/sex",),
            monitoring=corrected,
        ),
    )
    told = subject(research).told
    assert [each.box for each in told[1:]] == [updated, corrected]
    assert told[2].on == date(2026, 1, 1)


def test_enterprises_and_their_places_are_known_without_who_works_there(
    research: Research,
) -> None:
    told = kasa_of(research)
    told.tell(
        kasa.EnterpriseFounded(
            subject=COOPERATIVE,
            code="SS-1",
            kind=EnterpriseKind.SOCIAL_COOPERATIVE,
            partner="mops-gdansk",
            teryt="2061011",
            founded_on=TODAY,
            founders=5,
            entitled=4,
        ),
        kasa.JobPlaceCreated(
            subject=COOPERATIVE, place_id=PLACE, participant_id=ANNA, share="0.50", created_on=TODAY
        ),
    )
    (document,) = research.followed.views["enterprises"].find()
    assert (document["teryt"], document["places"][0]["share"]) == ("2061011", "0.50")
    assert str(ANNA) not in str(document)
    told.tell(
        kasa.JobPlaceLost(
            subject=COOPERATIVE,
            place_id=PLACE,
            participant_id=ANNA,
            created_on=TODAY,
            lost_on=TODAY,
            cause=LostPlace.ENTERPRISE_CLOSED,
        )
    )
    known = research.composition.application.load(Enterprise, COOPERATIVE)
    assert (known.places[PLACE].until, known.closed_on) == (TODAY, TODAY)
