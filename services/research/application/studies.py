"""Commands on studies and their waves."""

from uuid import UUID

from services.research.application import Research
from services.research.domain.ids import id_of
from services.research.domain.instrument import Instrument
from services.research.domain.reach import reaches
from services.research.domain.study import Study, Wave
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import studies as commands
from shared.contracts.research.vocabulary.studies import PinnedInstrument, StudyState, WaveState
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected


def plan_study(research: Research, command: commands.PlanStudy, act: Act) -> Receipt:
    if not reaches(act.caller, command.partner):
        raise Rejected("partner_out_of_scope", pointer="/partner")
    study_id = id_of("study", command.code)
    study = research.find(Study, study_id) or Study(study_id)
    study.begin(
        code=command.code,
        partner=command.partner,
        plan=command.plan,
        on=command.planned_on,
        today=research.today(),
        by=act.caller.subject,
    )
    return research.commit(act, study)


def revise_study(research: Research, command: commands.ReviseStudy, act: Act) -> Receipt:
    study = study_for(research, command, act)
    study.revise(command.plan, on=command.revised_on, today=research.today(), by=act.caller.subject)
    return research.commit(act, study)


def review_study_ethics(
    research: Research, command: commands.ReviewStudyEthics, act: Act
) -> Receipt:
    study = study_for(research, command, act)
    study.review(
        command.verdict,
        reference=command.reference,
        conditions=command.conditions,
        on=command.reviewed_on,
        today=research.today(),
        by=act.caller.subject,
    )
    return research.commit(act, study, source_document=command.reference)


def open_study(research: Research, command: commands.OpenStudy, act: Act) -> Receipt:
    study = study_for(research, command, act)
    study.open(on=command.opened_on, today=research.today())
    return research.commit(act, study)


def plan_wave(research: Research, command: commands.PlanWave, act: Act) -> Receipt:
    study = study_for(research, command, act)
    study.plan_wave(act.id_of("wave"), command.wave, on=command.planned_on, today=research.today())
    return research.commit(act, study)


def open_wave(research: Research, command: commands.OpenWave, act: Act) -> Receipt:
    study = study_for(research, command, act)
    _require_published(research, study.wave(command.wave_id).plan.instrument)
    study.open_wave(command.wave_id, on=command.opened_on, today=research.today())
    return research.commit(act, study)


def close_wave(research: Research, command: commands.CloseWave, act: Act) -> Receipt:
    study = study_for(research, command, act)
    study.close_wave(command.wave_id, on=command.closed_on, today=research.today())
    return research.commit(act, study)


def conclude_study(research: Research, command: commands.ConcludeStudy, act: Act) -> Receipt:
    study = study_for(research, command, act)
    study.conclude(on=command.concluded_on, today=research.today())
    return research.commit(act, study)


def study_for(research: Research, command: commands.StudyCommand, act: Act) -> Study:
    """As far as the caller reaches. Refused as `not_found`, and as `stale_version`."""
    study = study_within(research, command.study_id, act)
    if act.expected_version not in (None, study.version):
        raise Rejected("stale_version", {"current": study.version})
    return study


def study_within(research: Research, study_id: UUID, act: Act) -> Study:
    """Refused as `not_found` when it is out of the caller's reach."""
    study = research.load(Study, study_id)
    if not reaches(act.caller, study.terms.partner):
        raise Rejected("not_found", {"id": str(study_id)})
    return study


def asking(research: Research, study_id: UUID, wave_id: UUID, act: Act) -> tuple[Study, Wave]:
    """A wave that people can still be drawn for, or invited to."""
    study = study_within(research, study_id, act)
    if study.state is not StudyState.OPEN:
        raise Rejected("research.study_state", {"state": study.state.value, "expected": ["open"]})
    return study, study.wave(wave_id, WaveState.PLANNED, WaveState.OPEN)


def _require_published(research: Research, pinned: PinnedInstrument) -> None:
    """Raises `research.instrument_version_unknown` for what nobody could answer."""
    instrument = research.find(Instrument, pinned.instrument_id)
    if instrument is None:
        raise Rejected("research.instrument_version_unknown", {"latest": 0}, "/wave_id")
    instrument.version_of(pinned.version, "/wave_id")
