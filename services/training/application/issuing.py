"""Certificates of a whole edition as a job: started by a call, done by the follower.

The holders' names wait in the encrypted file store; the job itself names nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter

from services.training.application import Training
from services.training.application.certificates import issue_certificate
from services.training.application.reach import edition_for
from services.training.domain.certificates import Certificate
from shared.contracts.jobs import JobStarted
from shared.contracts.training import commands, views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.files import FileStore
from shared.runtime.jobs import Job, Jobs, Progress, act_of

ISSUE: Final = "issue"
_HOLDERS: Final = TypeAdapter(tuple[commands.Holder, ...])


@dataclass(frozen=True)
class Issues:
    """The issue jobs of training, for those who start them and ask about them."""

    training: Training
    jobs: Jobs

    def issue_certificates(self, request: commands.IssueCertificates, act: Act) -> JobStarted:
        edition_for(self.training, request.edition_id, act)
        return self.jobs.order(ISSUE, request, act)

    def get_issue(self, request: views.ById, act: Act) -> views.IssueJob:
        job = self.jobs.existing(request.id, ISSUE)
        asked = commands.IssueCertificates.model_validate(job.input["request"])
        edition_for(self.training, asked.edition_id, replace(act, expected_version=None))
        done = job.result or job.progress
        issued, refused = done.get("issued", ()), done.get("refused", ())
        return views.IssueJob(
            id=job.id,
            state=job.state,
            total=done.get("total", 0),
            processed=len(issued) + len(refused),
            issued=issued,
            refused=refused,
            failure=job.failure["code"] if job.failure else None,
        )


@dataclass(frozen=True)
class IssueHandler:
    """Does an issue job; run again after a crash, it issues nothing twice."""

    training: Training
    files: FileStore

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.IssueCertificates.model_validate(job.input["request"])
        act = act_of(job)
        content = b"".join(self.files.open(request.holders_file).chunks())
        holders = _HOLDERS.validate_json(content)
        done: dict[str, Any] = {"total": len(holders), "issued": [], "refused": []}
        for holder in holders:
            try:
                issued = self._issued(request, holder, act.part(str(holder.participant_id)))
                done["issued"].append(issued.model_dump(mode="json"))
            except Rejected as refusal:
                refused = views.NotIssued(
                    participant_id=holder.participant_id,
                    code=refusal.code,
                    details=refusal.details,
                )
                done["refused"].append(refused.model_dump(mode="json"))
            progress.report(**done)
        return done

    def _issued(
        self, request: commands.IssueCertificates, holder: commands.Holder, act: Act
    ) -> views.Issued:
        receipt = self.training.once(
            act,
            lambda: issue_certificate(
                self.training, request.edition_id, holder, request.issued_on, act
            ),
        )
        certificate = self.training.load(Certificate, receipt.id)
        if certificate.issued is None:
            raise Rejected("not_found", {"id": str(receipt.id)})
        return views.Issued(
            participant_id=holder.participant_id,
            certificate_id=certificate.id,
            number=certificate.issued.number,
        )
