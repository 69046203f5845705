"""What is recorded and projected of people holds nothing of them in clear."""

from bson.json_util import dumps

from shared.contracts.registry.vocabulary import LabourStatus, Situation
from shared.contracts.research.commands.followups import AnswerFollowUp
from shared.contracts.research.vocabulary.followups import FollowUpKind
from tests.research.conftest import Research
from tests.research.telling import EXITED, began, left, person, registry_of
from tests.research.test_followups import CASEWORKER, TODAY, follow_ups

CANARIES = ("female", "1971-07-17", "isced2", "unemployed_registered", "self_employed")


def test_monitoring_data_and_answers_are_nowhere_in_clear(research: Research) -> None:
    facts = {
        "sex": "female",
        "born_on": "1971-07-17",
        "education": "isced2",
        "labour_status": "unemployed_registered",
    }
    registry_of(research).tell(*began(research, person(0), **facts), left(person(0), EXITED))
    research.do(
        AnswerFollowUp(
            follow_up_id=follow_ups(research, person(0))[FollowUpKind.FOUR_WEEKS].id,
            observed_on=TODAY,
            situation=Situation(labour_status=LabourStatus.SELF_EMPLOYED),
        ),
        CASEWORKER,
    )
    views = research.followed.views
    ledger = research.composition.application.recorder.ledger
    stored = dumps(list(ledger._commits.find())) + "".join(
        dumps(list(views[name].find())) for name in views.list_collection_names()
    )
    assert str(person(0)) in stored
    assert [each for each in CANARIES if each in stored] == []
