"""What research tells others: domain event → public event, or nothing.

A pure function of the recorded event, so that the relay and the feed answer alike. Who answered is
never told; a participant's own answer travels as it was recorded, sealed.
"""

from functools import singledispatch

from services.research.domain.diagnosis import Diagnosis
from services.research.domain.followup import FollowUp
from services.research.domain.study import Study
from services.research.domain.subject import Subject
from shared.contracts.events import PublicEvent
from shared.contracts.research import events as public
from shared.kernel.aggregate import Event
from shared.kernel.personal import DataClass


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None


@publish.register
def _(event: Study.Opened) -> PublicEvent:
    return public.StudyOpened(
        subject=event.originator_id,
        code=event.code,
        title_pl=event.plan.title_pl,
        title_en=event.plan.title_en,
        method=event.plan.method,
        partner=event.partner,
        territory=event.plan.territory,
        opened_on=event.occurred_on,
    )


@publish.register
def _(event: Study.WaveClosed) -> PublicEvent:
    return public.WaveClosed(
        subject=event.originator_id,
        wave_id=event.wave_id,
        number=event.number,
        purpose=event.purpose,
        closed_on=event.occurred_on,
    )


@publish.register
def _(event: FollowUp.Answered) -> PublicEvent:
    return public.FollowUpAnswered(
        subject=event.subject,
        follow_up_id=event.originator_id,
        kind=event.kind,
        exited_on=event.exited_on,
        observed_on=event.occurred_on,
        monitoring=event.box(DataClass.MONITORING),
    )


@publish.register
def _(event: Diagnosis.Published) -> PublicEvent:
    contents = event.contents
    return public.DiagnosisPublished(
        subject=event.originator_id,
        diagnosis_id=event.originator_id,
        number=contents.code,
        version=contents.report_version,
        territory=contents.territory,
        index_code=contents.need.definition,
        index_version=contents.need.version,
        indices=tuple(
            public.NeedOfCommune(teryt=each.teryt, value=str(each.index))
            for each in contents.need.communes
            if each.index is not None
        ),
        published_on=event.occurred_on,
    )


@publish.register
def _(event: Subject.Erased) -> PublicEvent:
    return public.SubjectErased(
        subject=event.subject, data_classes=event.data_classes, erased_on=event.occurred_on
    )
