"""Invitations as a job: started by a call, done by the follower, asked about until done.

The documents are kept before the issue is recorded: what was issued can always be fetched, until the
documents expire; what was not recorded leads nowhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import OperationalError

from services.research.application import Research
from services.research.application.invitations import invitations_of, token_id
from services.research.application.studies import asking, study_within
from services.research.domain.invitation import Invitation, new_token
from services.research.domain.sample import Sample
from services.research.domain.study import Study, Wave
from services.research.formats.invitations import Sheet, invitations_csv, invitations_pdf
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import invitations as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import invitations as views
from shared.contracts.research.vocabulary.samples import Frame
from shared.contracts.research.vocabulary.studies import WaveMode
from shared.eventstore.acts import Act
from shared.eventstore.reads import RecordRead
from shared.kernel.errors import Rejected
from shared.kernel.personal import Absent, DataClass
from shared.runtime.jobs import Job, Jobs, Progress, act_of

INVITE: Final = "invite"
NAMES: Final = {"table": "zaproszenia.csv", "sheets": "zaproszenia.pdf"}
TYPES: Final = {"table": "text/csv", "sheets": "application/pdf"}
LIMIT: Final = 64 << 20


@dataclass(frozen=True)
class Inviting:
    """The jobs that issue invitations, for those who start them and fetch what they made."""

    research: Research
    jobs: Jobs
    record_read: RecordRead

    def issue_invitations(self, request: commands.IssueInvitations, act: Act) -> JobStarted:
        """What can be refused at once is."""
        _study, wave = asking(self.research, request.study_id, request.wave_id, act)
        invitations_of(self.research, wave.id).require_issuable(wave.plan.mode)
        _require_count(wave, request.count)
        return self.jobs.order(INVITE, request, act)

    def get_invitation_issue(self, request: ById, act: Act) -> views.InvitationIssue:
        job = self._job(request.id, act)
        return views.InvitationIssue(
            id=job.id,
            state=job.state,
            issued=job.result["count"] if job.result else None,
            failure=job.failure["code"] if job.failure else None,
        )

    def get_invitation_document(
        self, request: views.GetInvitationDocument, act: Act
    ) -> views.InvitationDocument:
        """It says who is invited under which token; that it was fetched is recorded."""
        job = self._job(request.issue_id, act)
        if job.result is None:
            raise Rejected("not_found", {"id": str(request.issue_id)})
        wave_id = UUID(job.input["request"]["wave_id"])
        self.record_read(act, (wave_id,), frozenset({DataClass.IDENTITY}))
        return views.InvitationDocument(
            file_id=job.result[request.kind], filename=NAMES[request.kind]
        )

    def _job(self, job_id: UUID, act: Act) -> Job:
        job = self.jobs.existing(job_id, INVITE)
        study_within(self.research, UUID(job.input["request"]["study_id"]), act)
        return job


@dataclass(frozen=True)
class InviteHandler:
    """Does an issue; run again after a crash, it issues nothing twice."""

    research: Research
    address: str

    def __call__(self, job: Job, _progress: Progress) -> Mapping[str, Any]:
        request = commands.IssueInvitations.model_validate(job.input["request"])
        act = act_of(job)
        self.research.once(act, lambda: self._issue(request, act))
        issued = invitations_of(self.research, request.wave_id).batches[act.id_of("batch")]
        return {
            "count": issued.count,
            "table": issued.table_file,
            "sheets": issued.sheets_file,
        }

    def _issue(self, request: commands.IssueInvitations, act: Act) -> Receipt:
        research, today = self.research, self.research.today()
        study, wave = asking(research, request.study_id, request.wave_id, act)
        invitations = invitations_of(research, wave.id)
        invitations.require_issuable(wave.plan.mode)
        _require_count(wave, request.count)
        sheets = sorted(self._sheets(study, wave, request.count), key=lambda each: each.token)
        if not sheets:
            raise Rejected("research.sample_missing")
        issued = [Invitation(token_id(research, each.token)) for each in sheets]
        for invitation, sheet in zip(issued, sheets, strict=True):
            invitation.issue(wave.id, study.id, act.id_of("batch"), sheet.pseudonym, today)
        files = self._kept(study, wave, sheets)
        invitations.issue(
            act.id_of("batch"),
            wave,
            study_id=study.id,
            partner=study.terms.partner,
            count=len(sheets),
            table_file=files["table"],
            sheets_file=files["sheets"],
            on=today,
            by=act.caller.subject,
        )
        return research.commit(act, invitations, *sorted(issued, key=lambda each: each.id))

    def _sheets(self, study: Study, wave: Wave, count: int | None) -> Iterator[Sheet]:
        if wave.plan.mode is WaveMode.ANONYMOUS:
            for _ in range(count or 0):
                yield Sheet(new_token())
            return
        sample = self.research.find(Sample, wave.id)
        if sample is None or isinstance(sample.members, Absent):
            raise Rejected("research.sample_missing")
        members = [each.pseudonym for each in sample.members]
        units = self._units(study, sample.content.choice.frame, members)
        for pseudonym in members:
            if pseudonym in units:  # else nobody may be, or can be, invited
                yield Sheet(new_token(), units[pseudonym], pseudonym)

    def _units(self, study: Study, frame: Frame, members: Sequence[str]) -> Mapping[str, str]:
        """Raises `OperationalError` while the read models do not know all links: tried again."""
        if frame is Frame.EXTERNAL:
            return {each: each for each in members}
        linked = self.research.frames.linked(study.id)
        if sum(each not in linked.units for each in members) > linked.cut:
            raise OperationalError("the read models are behind the draw")
        return {each: unit for each, unit in linked.units.items() if unit not in linked.silent}

    def _kept(self, study: Study, wave: Wave, sheets: Sequence[Sheet]) -> dict[str, str]:
        today = self.research.today()
        contents = {
            "table": invitations_csv(sheets, self.address),
            "sheets": invitations_pdf(sheets, study.plan, self.address, wave.plan.closes_on, today),
        }
        days = self.research.rules.samples.invitation_days.on(today)
        found = {}
        for kind, content in contents.items():
            with self.research.files.create(
                name=NAMES[kind],
                content_type=TYPES[kind],
                limit=LIMIT,
                lifetime=timedelta(days=days),
            ) as writer:
                writer.write(content)
                found[kind] = writer.finish()
        return found


def _require_count(wave: Wave, count: int | None) -> None:
    if (wave.plan.mode is WaveMode.ANONYMOUS) is (count is None):
        raise Rejected("research.count_of_anonymous", pointer="/count")
