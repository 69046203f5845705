"""What is recorded is what is signed; what contradicts it is refused for ever."""

import json
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from services.audit.domain.log import log_id
from shared.contracts.audit import views
from shared.contracts.audit.vocabulary import Fault
from shared.contracts.operations import NoRequest
from shared.eventstore.connection import durable
from shared.eventstore.ledger import Ledger
from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.merkle import verify_consistency
from shared.eventstore.transparency.note import Note, from_base64
from shared.eventstore.transparency.proof import EntryProof
from tests.audit.conftest import ACT, WATCHED, Auditing

STEPS = (
    "tiles put",
    "heads recorded",
    "own head recorded",
    "signed",
    "checkpoints recorded",
    "file written",
)


class Killed(BaseException):
    """Nothing that runs after it counts."""


def test_a_round_signs_every_ledger_that_grew_and_its_own_last(auditing: Auditing) -> None:
    auditing.append(300)
    rounds = auditing.rounds()
    rounds.round()
    assert auditing.log().size == 300
    queries = auditing.queries()
    listed = queries.list_checkpoints(NoRequest(), ACT)
    assert {each.ledger: each.size for each in listed.checkpoints} == {WATCHED: 300, "audit": 1}
    for each in listed.checkpoints:
        note = Note.parse(each.note.encode())
        key = rounds.signer(each.ledger).verifier
        assert note.require_signed([key]) == (key,)
        checkpoint = Checkpoint.parse(note.text)
        assert checkpoint.origin == f"example.org/test/{each.ledger}"
        assert str(key) in listed.keys


def test_nothing_new_is_recorded_while_nothing_happens(auditing: Auditing) -> None:
    auditing.append(3)
    rounds = auditing.rounds()
    rounds.round()
    before = auditing.stored["audit_ledger"]["commits"].count_documents({})
    for _ in range(3):
        rounds.round()
    assert auditing.stored["audit_ledger"]["commits"].count_documents({}) == before


def test_proofs_of_what_was_signed_hold(auditing: Auditing) -> None:
    rounds = auditing.rounds()
    for count in (1, 255, 2, 300):
        auditing.append(count)
        rounds.round()
    queries = auditing.queries()
    key = rounds.signer(WATCHED).verifier
    listed = queries.list_log_entries(views.ListEntries(ledger=WATCHED, after=255, limit=3), ACT)
    assert [entry.position for entry in listed.entries] == [256, 257, 258]
    for entry in listed.entries:
        found = queries.prove_inclusion(
            views.ProveInclusion(ledger=WATCHED, position=entry.position), ACT
        )
        proof = EntryProof.parse(found.proof.encode())
        assert proof.verify(entry.leaf.encode(), key.name, [key]).size == 558
        assert found.leaf_hash == entry.leaf_hash
    for first, second in ((1, 256), (256, 258), (258, 558), (7, 400)):
        shown = queries.prove_consistency(
            views.ProveConsistency(ledger=WATCHED, first=first, second=second), ACT
        )
        hashes = [from_base64(each) for each in shown.hashes]
        verify_consistency(
            first, second, hashes, from_base64(shown.first_root), from_base64(shown.second_root)
        )


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_leads_to_the_same_checkpoints(auditing: Auditing, step: str) -> None:
    auditing.append(10)

    def die(reached: str) -> None:
        if reached == step:
            raise Killed

    with pytest.raises(Killed):
        auditing.rounds(die).round()
    before = auditing.log()
    rounds = auditing.rounds()
    rounds.round()
    after = auditing.log()
    assert (after.size, after.refused) == (10, False)
    if before.size:
        assert (before.size, before.root) == (after.size, after.root)
    folder = auditing.settings.checkpoints_folder
    assert folder is not None
    for ledger in (WATCHED, "audit"):
        head = auditing.log(ledger)
        signed = auditing.audit().load(SignedCheckpoint, checkpoint_id(ledger, head.size))
        note = (folder / f"{ledger}.checkpoint").read_bytes()
        assert note == bytes(signed.note) == bytes(rounds.signer(ledger).sign(head.head.text))


def refusal(auditing: Auditing) -> tuple[Fault, int]:
    """What the next round finds; and that nothing is signed afterwards, whatever is put right."""
    size = auditing.log().size
    rounds = auditing.rounds()
    rounds.round()
    log = auditing.log()
    assert log.refused
    assert log.size == size
    (event,) = [
        event
        for document in auditing.stored["audit_ledger"]["commits"].find({})
        for event in document["e"]
        if event["t"] == "audit.Log.Refused" and event["o"] == str(log_id(WATCHED))
    ]
    auditing.rounds().round()
    assert auditing.log().version == log.version
    told = json.loads(event["d"])
    return Fault(told["fault"]), told["position"]


def test_a_ledger_that_was_rolled_back_is_refused_for_ever(auditing: Auditing) -> None:
    auditing.append(20)
    auditing.rounds().round()
    auditing.commits.delete_many({"_id": {"$gt": 15}})
    assert refusal(auditing) == (Fault.SHORTER, 16)


def test_a_rolled_back_ledger_is_refused_also_when_it_grew_again(auditing: Auditing) -> None:
    auditing.append(20)
    auditing.rounds().round()
    auditing.commits.delete_many({"_id": {"$gt": 15}})
    restarted = Ledger(durable(auditing.stored, f"{WATCHED}_ledger"))
    for _ in range(10):
        restarted.append([StoredEvent(uuid4(), 1, "trial.Thing.Done", b"{}")])
    assert refusal(auditing) == (Fault.CHANGED, 16)


def test_an_edit_before_the_head_is_found(auditing: Auditing) -> None:
    auditing.append(20)
    auditing.rounds().round()
    auditing.commits.update_one({"_id": 7}, {"$set": {"e.0.d": '{"number":8}'}})
    assert refusal(auditing) == (Fault.CHANGED, 7)


def test_a_gap_is_refused_before_it_is_signed(auditing: Auditing) -> None:
    auditing.append(20)
    auditing.rounds().round()
    auditing.append(10)
    auditing.commits.delete_one({"_id": 25})
    assert refusal(auditing) == (Fault.MISSING, 25)


def test_lost_tiles_are_made_anew_from_the_events(auditing: Auditing) -> None:
    auditing.append(600)
    auditing.rounds().round()
    auditing.views["tiles"].delete_many({"_id.l": WATCHED})
    auditing.append(1)
    auditing.rounds().round()
    assert (auditing.log().size, auditing.log().refused) == (601, False)


def test_damaged_tiles_are_no_fault_of_the_ledger(auditing: Auditing) -> None:
    auditing.append(600)
    auditing.rounds().round()
    auditing.views["tiles"].update_one(
        {"_id": {"l": WATCHED, "t": 0, "n": 2}}, {"$set": {"h": bytes(32 * 88)}}
    )
    auditing.append(1)
    auditing.rounds().round()
    assert (auditing.log().size, auditing.log().refused) == (601, False)


def restored(auditing: Auditing) -> None:
    """The audit's databases as they were before anything of the watched ledger was signed twice."""
    auditing.stored["audit_ledger"]["commits"].delete_many({})
    auditing.stored["audit_ledger"]["snapshots"].delete_many({})
    auditing.views["tiles"].delete_many({})


def test_after_a_restore_of_the_audit_what_was_published_still_holds(auditing: Auditing) -> None:
    auditing.append(20)
    auditing.rounds().round()
    restored(auditing)
    auditing.commits.update_one({"_id": 7}, {"$set": {"e.0.d": '{"number":8}'}})
    auditing.append(5)
    auditing.rounds().round()
    log = auditing.log()
    assert (log.size, log.refused) == (0, True)
    assert auditing.log("audit").refused  # it lost what it had signed of itself


def test_after_a_restore_an_honest_ledger_goes_on(auditing: Auditing) -> None:
    auditing.append(20)
    auditing.rounds().round()
    restored(auditing)
    auditing.append(5)
    auditing.rounds().round()
    assert (auditing.log().size, auditing.log().refused) == (25, False)
