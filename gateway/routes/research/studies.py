"""Studies and their waves, and what waits for the caller."""

from gateway.endpoints import Endpoint, command, create, query
from shared.contracts.research.operations import studies as research

STUDY = "/studies/{study_id}"
ANONYMISATIONS = "/studies/anonymisations"
WAVE = f"{STUDY}/waves/{{wave_id}}"

ENDPOINTS: tuple[Endpoint, ...] = (
    create(research.PLAN_STUDY, "/studies", "/studies/{id}", "Plan a study"),
    query(research.LIST_STUDIES, "/studies", "List studies"),
    query(research.MY_RESEARCH_TASKS, "/studies/tasks", "Read what may be done on studies now"),
    query(research.GET_STUDY, STUDY, "Read a study with its reviews and waves"),
    command(research.REVISE_STUDY, f"{STUDY}/plan", "Revise the plan", "PUT"),
    command(research.REVIEW_STUDY_ETHICS, f"{STUDY}/reviews", "Record the ethics review"),
    command(research.OPEN_STUDY, f"{STUDY}/opening", "Open a study"),
    command(research.CONCLUDE_STUDY, f"{STUDY}/conclusion", "Conclude a study"),
    command(research.PLAN_WAVE, f"{STUDY}/waves", "Plan a wave"),
    command(research.OPEN_WAVE, f"{WAVE}/opening", "Open a wave"),
    command(research.CLOSE_WAVE, f"{WAVE}/closing", "Close a wave"),
    command(
        research.PROPOSE_WAVE_ANONYMISATION,
        f"{WAVE}/anonymisation/proposal",
        "Propose to make the responses of a wave nobody's",
    ),
    Endpoint(
        operation=research.ANONYMISE_WAVE,
        method="POST",
        path=f"{WAVE}/anonymisation",
        summary="Make the responses of a wave nobody's, as another person proposed",
        status=202,
        keyed=True,
        location=f"{ANONYMISATIONS}/{{id}}",
    ),
    query(
        research.GET_WAVE_ANONYMISATION,
        f"{ANONYMISATIONS}/{{anonymisation_id}}",
        "Follow an anonymisation",
    ),
)
