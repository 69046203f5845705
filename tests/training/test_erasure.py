"""After an erasure courses go on, and their history is read without what was destroyed."""

import pytest

from services.training.domain.edition import Edition
from shared.contracts.operations import FeedRequest
from shared.contracts.registry import events as registry
from shared.contracts.training import commands
from shared.contracts.training.vocabulary import EnrolmentState
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED, DataClass
from shared.runtime.rebuild import verify
from tests.training.conftest import Driven
from tests.training.domain.courses import TODAY, person
from tests.training.editions import enrolment, scheduled
from tests.training.registry import Registry

ANNA, BARBARA = map(person, range(2))


def test_a_course_goes_on_without_what_was_written_about_an_erased_person(
    training: Driven,
) -> None:
    edition = scheduled(training)
    told = Registry(training)
    told.admit(ANNA, BARBARA)
    training.do(enrolment(edition, ANNA))
    end = commands.EndEnrolment(
        edition_id=edition, participant_id=ANNA, ended_on=TODAY, reason="In hospital"
    )
    training.do(end)
    training.do(enrolment(edition, ANNA))
    application = training.composition.application
    assert application._vault is not None
    application._vault.erase(ANNA, [DataClass.SPECIAL], basis="art17", approved_by="oidc|dpo")
    with pytest.raises(Rejected) as forgotten:
        training.do(end)
    assert forgotten.value.code == "subject_erased"
    told.tell(
        registry.ParticipantErased(subject=ANNA, data_classes=(DataClass.SPECIAL,), erased_on=TODAY)
    )
    published = training.composition.publication.page(FeedRequest(after=0)).envelopes
    assert ("training.subject_erased.v1", ANNA) in {(one.type, one.subject) for one in published}
    training.do(enrolment(edition, BARBARA))
    known = application.load(Edition, edition).enrolments
    assert [each.state for each in known.values()] == [
        EnrolmentState.LAPSED,
        EnrolmentState.ENROLLED,
    ]
    recorded = application.mapper.to_domain_events(application.recorder.select_events(edition))
    reasons = [each.reason for each in recorded if isinstance(each, Edition.EnrolmentEnded)]
    assert reasons == [ERASED, None]
    comparison = verify(
        training.projector.projection, training.followed.views, training.followed.history
    )
    assert comparison.drifted == []
