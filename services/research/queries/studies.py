"""Studies with their waves, and what waits for the caller."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from services.research.queries.reading import Reading, in_reach
from shared.contracts.operations import NoRequest
from shared.contracts.research.views import ById
from shared.contracts.research.views import studies as views
from shared.contracts.research.views.studies import ResearchTask, ResearchWork
from shared.contracts.research.vocabulary.studies import StudyState, WaveState
from shared.eventstore.acts import Act
from shared.messaging.wire import fitting
from shared.runtime.documents import existing, facts_for
from shared.runtime.paging import Place
from shared.runtime.views import Document

GOING_ON = [each.value for each in StudyState if each is not StudyState.CONCLUDED]


class Studies:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._studies = reading.views["studies"]
        self._invited = reading.views["invited_waves"]
        self._responses = reading.views["responses"]

    def get_study(self, request: ById, act: Act) -> views.Study:
        document = existing(self._studies, request.id, in_reach(act.caller))
        return views.Study.model_validate(facts_for(document, views.Study))

    def list_studies(self, request: views.ListStudies, act: Act) -> views.StudyPage:
        place = Place.of(request.cursor, request.changed_since)
        state = {} if request.state is None else {"state": request.state.value}
        found = place.find(self._studies, in_reach(act.caller) | state, request.limit)
        items = fitting([_summary(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.StudyPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def my_research_tasks(self, _request: NoRequest, act: Act) -> views.ResearchTasks:
        """Nobody is shown a plan of their own to review."""
        going_on: Document = {"state": {"$in": GOING_ON}} | in_reach(act.caller)
        tasks = [
            task
            for document in self._studies.find(going_on)
            for task in self._tasks(document, act.caller.subject)
        ]
        tasks.sort(key=lambda each: (each.due_on or date.max, each.study))
        return views.ResearchTasks(items=tuple(fitting(tasks)))

    def _tasks(self, document: Document, me: str) -> Iterator[ResearchTask]:
        state, today = StudyState(document["state"]), self._reading.today().isoformat()
        if state is StudyState.PLANNED and me not in document["authors"]:
            yield _task(document, ResearchWork.REVIEW_ETHICS)
        if state is StudyState.REVIEWED:
            yield _task(document, ResearchWork.OPEN_STUDY)
        for wave in document["waves"] if state is StudyState.OPEN else ():
            first, last = wave["plan"]["opens_on"], wave["plan"]["closes_on"]
            if wave["state"] == WaveState.PLANNED and first <= today <= last:
                yield _task(document, ResearchWork.OPEN_WAVE, wave["wave_id"], last)
            if self._responses.find_one({"wave_id": wave["wave_id"], "waits": True}, {"_id": 1}):
                yield _task(document, ResearchWork.REVIEW_RESPONSES, wave["wave_id"])
            if wave["state"] == WaveState.OPEN and last < today:
                yield _task(document, ResearchWork.CLOSE_WAVE, wave["wave_id"], last)
            elif wave["state"] == WaveState.OPEN:
                for due_on in self._reminders(wave):
                    yield _task(document, ResearchWork.SEND_REMINDER, wave["wave_id"], due_on)

    def _reminders(self, wave: Document) -> Iterator[str]:
        """Those that are due and not sent, where there are invitations to remind of."""
        invited = self._invited.find_one({"_id": wave["wave_id"]})
        if invited is None:
            return
        opened = date.fromisoformat(wave["opened_on"])
        for day in wave["plan"]["reminders"]:
            due_on = opened + timedelta(day)
            if str(day) not in invited["reminded"] and due_on <= self._reading.today():
                yield due_on.isoformat()


def _task(
    document: Document, work: ResearchWork, wave_id: str | None = None, due_on: str | None = None
) -> ResearchTask:
    return ResearchTask(
        work=work,
        study_id=UUID(document["_id"]),
        study=document["code"],
        wave_id=wave_id and UUID(wave_id),
        due_on=due_on and date.fromisoformat(due_on),
    )


def _summary(document: Document) -> views.StudySummary:
    return views.StudySummary.model_validate(
        facts_for(document, views.StudySummary)
        | {
            "title_pl": document["plan"]["title_pl"],
            "title_en": document["plan"]["title_en"],
            "waves": len(document["waves"]),
        }
    )
