"""Facts of communes: imported whole or not at all, counted with what the fund tells, explained."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from threading import Event
from uuid import UUID, uuid4

import pytest

from services.research.application import communes
from services.research.application.communes import IMPORT
from shared.contracts.kasa import events as kasa
from shared.contracts.kasa.vocabulary.enterprises import EnterpriseKind
from shared.contracts.research.commands import communes as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import communes as views
from shared.kernel.errors import Rejected
from shared.runtime.jobs import Progress
from tests.driving import act_by
from tests.research.conftest import Research
from tests.research.studying import RESEARCHER
from tests.research.telling import kasa_of

HEADER = "TERYT;Wskaźnik;Rok;Wartość;Źródło"
NAMES = ("population", "entities", "service_need", "service_supply", "unemployed_long")
FACTS: dict[str, tuple[int, ...]] = {
    "2611011": (110_000, 60, 900, 500, 2400),
    "2611022": (4_000, 1, 90, 10, 150),
    "2611032": (13_000, 4, 200, 60, 300),
}


def rows(facts: dict[str, tuple[int, ...]], year: int = 2025) -> list[str]:
    return [
        f"{teryt};{name};{year};{value};GUS, BDL"
        for teryt, values in facts.items()
        for name, value in zip(NAMES, values, strict=True)
    ]


def imported(
    research: Research, *lines: str, dry_run: bool = False, times: int = 1
) -> views.FactsImport:
    composition = research.composition
    content = BytesIO("\n".join([HEADER, *lines]).encode())
    file_id = composition.facts_imports.files.keep(content, "gminy.csv", "text/csv")
    request = commands.ImportFacts(file_id=file_id, filename="gminy.csv", dry_run=dry_run)
    act = act_by(RESEARCHER, "research.import_facts", key=uuid4())
    started = composition.facts_imports.import_facts(request, act)
    jobs = composition.facts_imports.jobs
    job = jobs.take([IMPORT], "this test")
    assert job is not None
    progress = Progress(jobs, job, "this test", Event())
    results = [research.followed.jobs[IMPORT](job, progress) for _ in range(times)]
    jobs.update(job, "this test", state="done", result=dict(results[-1]))
    research.project()
    look = act_by(RESEARCHER, "research.get_facts_import")
    return composition.facts_imports.get_facts_import(ById(id=started.id), look)


def needs(research: Research, *areas: str) -> views.Needs:
    act = act_by(RESEARCHER, "research.get_commune_needs")
    asked = views.AskNeeds(year=2025, areas=areas)
    return communes.get_commune_needs(research.composition.application, asked, act)


def test_facts_are_recorded_once_and_read_by_commune(research: Research) -> None:
    told = imported(research, *rows(FACTS), times=2)
    assert (told.state, told.rows, told.recorded, told.failure) == ("done", 15, 15, None)
    again = imported(research, *rows(FACTS))
    assert again.failure is None
    (one,) = research.ask("list_commune_facts", views.ListCommuneFacts(area="2611011")).items
    assert {each.input: each.value for each in one.facts}["population"] == 110_000


def test_one_bad_row_keeps_all_out_and_says_where(research: Research) -> None:
    told = imported(research, *rows(FACTS), "2611011;population;2025;many;GUS")
    assert (told.failure, told.rejected, told.recorded) == ("import_rows_rejected", 1, 0)
    (error,) = told.errors
    assert (error.row, error.column) == (17, "Wartość")
    assert research.ask("list_commune_facts", views.ListCommuneFacts()).items == ()


def test_a_dry_run_records_nothing(research: Research) -> None:
    told = imported(research, *rows(FACTS), dry_run=True)
    assert (told.recorded, told.failure) == (15, None)
    assert research.ask("list_commune_facts", views.ListCommuneFacts()).items == ()


def test_a_corrected_fact_counts_from_then_on(research: Research) -> None:
    imported(research, *rows(FACTS))
    imported(research, "2611022;entities;2025;8;urząd gminy")
    (one,) = research.ask("list_commune_facts", views.ListCommuneFacts(area="2611022")).items
    assert {each.input: each.value for each in one.facts}["entities"] == 8


def test_the_index_of_a_commune_is_the_sum_of_what_explains_it(research: Research) -> None:
    imported(research, *rows(FACTS))
    found = needs(research, "2611")
    assert (found.definition, found.version) == ("POTRZEBY", 1)
    for commune in found.communes:
        assert commune.index == sum(each.points for each in commune.contributions)
        assert set(commune.missing) == {"clauses_share", "survival_12"}
    assert max(found.communes, key=lambda each: each.index or 0).teryt == "2611022"
    with pytest.raises(Rejected, match=r"research\.need_index_empty"):
        needs(research, "1201")


def test_what_the_fund_tells_is_counted_beside_the_facts(research: Research) -> None:
    imported(research, *rows(FACTS))
    founded = UUID(int=77)
    kasa_of(research).tell(
        kasa.EnterpriseFounded(
            subject=founded,
            code="SS/1",
            kind=EnterpriseKind.SOCIAL_COOPERATIVE,
            partner="pcpr-kamienna",
            teryt="2611022",
            founded_on=date(2025, 5, 5),
            founders=5,
            entitled=3,
        )
    )
    inputs = communes.inputs_in(research.composition.application, ("2611",), 2025)
    assert inputs["2611022"]["supported_enterprises"] == Decimal(1)
    assert inputs["2611011"]["supported_enterprises"] == Decimal(0)
    earlier = communes.inputs_in(research.composition.application, ("2611",), 2024)
    assert earlier == {}


def test_indicators_say_what_they_lack(research: Research) -> None:
    imported(research, *rows(FACTS))
    act = act_by(RESEARCHER, "research.get_commune_indicators")
    asked = views.AskNeeds(year=2025, areas=("2611022",))
    found = communes.get_commune_indicators(research.composition.application, asked, act)
    (commune,) = found.communes
    values = {each.indicator: each for each in commune.indicators}
    assert values["entities_per_10000"].value == Decimal("2.50")
    assert values["survival_12"].missing == ("survived_12", "cohort_12")
