"""Calls on studies, their waves, and what waits for the caller."""

from shared.contracts.jobs import JobStarted
from shared.contracts.operations import NoRequest
from shared.contracts.research.commands import studies as commands
from shared.contracts.research.operations.making import (
    READERS,
    RESEARCHING,
    STEERING,
    command,
    query,
)
from shared.contracts.research.views import ById
from shared.contracts.research.views import studies as views

PLAN_STUDY = command("plan_study", commands.PlanStudy, RESEARCHING)
REVISE_STUDY = command("revise_study", commands.ReviseStudy, RESEARCHING)
REVIEW_STUDY_ETHICS = command("review_study_ethics", commands.ReviewStudyEthics, RESEARCHING)
OPEN_STUDY = command("open_study", commands.OpenStudy, RESEARCHING)
PLAN_WAVE = command("plan_wave", commands.PlanWave, RESEARCHING)
OPEN_WAVE = command("open_wave", commands.OpenWave, RESEARCHING)
CLOSE_WAVE = command("close_wave", commands.CloseWave, RESEARCHING)
PROPOSE_WAVE_ANONYMISATION = command(
    "propose_wave_anonymisation", commands.ProposeWaveAnonymisation, RESEARCHING
)
ANONYMISE_WAVE = query("anonymise_wave", commands.AnonymiseWave, JobStarted, STEERING)
"""Starts a job; what it records are the commands."""
GET_WAVE_ANONYMISATION = query("get_wave_anonymisation", ById, views.WaveAnonymisation, STEERING)
CONCLUDE_STUDY = command("conclude_study", commands.ConcludeStudy, RESEARCHING)

LIST_STUDIES = query("list_studies", views.ListStudies, views.StudyPage, READERS)
GET_STUDY = query("get_study", ById, views.Study, READERS)
MY_RESEARCH_TASKS = query("my_research_tasks", NoRequest, views.ResearchTasks, RESEARCHING)
