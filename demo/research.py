"""Research played through the gateway: a survey of a county, what was published of it, and what people
tell after they have left the project.

Nobody approves what they wrote themselves: a researcher plans and composes, a coordinator approves.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any, Final

from demo import survey
from demo.acts import Act
from demo.enacting import Enacting
from demo.gateway import Login
from demo.partnership import LEAD
from demo.player import COORDINATOR, until

RESEARCHER: Final = Login("researcher", LEAD.id)
STUDY: Final = "BD/STARACHOWICE/1"
INSTRUMENT: Final = "ANK/MIESZKANCY"
DIAGNOSIS: Final = "DIAG/STARACHOWICE/1"
PLANNED_ON: Final = survey.FIRST_DAY - timedelta(28)
PUBLISHED_FROM: Final = survey.LAST_DAY + timedelta(21)
"""Before this day there is nothing to compose a diagnosis of."""
BATCH: Final = 100
"""Responses that are reviewed by one command."""
FOLLOWED_UP: Final = 12
"""People who are asked what became of them."""
RESULTS: Final = {"four_weeks": "outcome", "six_months": "follow_up"}
"""Where the registry keeps the result of a measurement."""
LEFT_OPEN: Final = 3
"""Of these, those whose answer nobody has confirmed yet."""

PLAN: Final = {
    "title_pl": "Potrzeby mieszkańców powiatu starachowickiego",
    "title_en": "Needs of the inhabitants of Starachowice county",
    "aim": "Which services people miss, and whether they would pay a part of their price.",
    "questions": ["Jakich usług brakuje?", "Kto by za nie zapłacił?"],
    "method": "survey",
    "territory": [*survey.COUNTY],
    "topics": ["disability"],
}
TITLE: Final = {"pl": PLAN["title_pl"], "en": PLAN["title_en"]}


def _table(pl: str, en: str, *variables: str) -> dict[str, Any]:
    return {
        "title": {"pl": pl, "en": en},
        "dimensions": [{"variable": each} for each in variables],
        "measure": "count",
    }


TABLES: Final = (
    _table("Brakujące usługi według gmin", "Services missed, by commune", "service", "commune"),
    _table("Brakujące usługi według płci", "Services missed, by sex", "service", "sex"),
    _table("Gotowość do zapłaty", "Readiness to pay", "service", "pay"),
)
IMPRINT: Final = {
    "licence": "CC-BY-4.0",
    "publisher": {
        "name": {"pl": "Partnerstwo „Tu jest praca”", "en": "Partnership “Tu jest praca”"},
        "homepage": "https://example.org/",
        "contact_name": "Biuro badań",
        "contact_email": "badania@example.org",
    },
    "keywords_pl": ["usługi społeczne", "ekonomia społeczna"],
    "keywords_en": ["social services", "social economy"],
    "first_day": survey.FIRST_DAY,
    "last_day": survey.LAST_DAY,
    "method_pl": "Ankieta wśród 300 mieszkańców; dane fikcyjne.",
    "method_en": "A survey of 300 inhabitants; fictional data.",
    "project": "D0456",
    "funding": {"pl": "Europejski Fundusz Społeczny", "en": "European Social Fund"},
    "communes": dict(survey.COUNTY),
}
SUMMARY_PL: Final = "Najbardziej brakuje opieki nad osobami starszymi, poza miastem także dowozu."
SUMMARY_EN: Final = "Care of the elderly is missed most, and outside the town transport too."


class Research(Enacting):
    async def play(self) -> None:
        if self._today >= PUBLISHED_FROM:
            await self._diagnose()
        await self._follow_up()

    async def _diagnose(self) -> None:
        self._progress.stage("research: a questionnaire and a study")
        study, wave = await self._open(await self._questionnaire())
        self._progress.stage(f"research: {survey.RESPONDENTS} answers")
        await self._answer(study, wave)
        await self._review(study, wave)
        self._progress.stage("research: tables through disclosure control")
        released = await self._release(study, wave)
        self._progress.stage("research: the diagnosis")
        diagnosis = await self._publish(study, released["release_id"])
        await self._look(diagnosis, released)

    async def _questionnaire(self) -> dict[str, Any]:
        """The first version, published."""
        body = {"code": INSTRUMENT, "title": PLAN["title_pl"]}
        created = await self._command(RESEARCHER, "/instruments", body, "demo/instrument")
        await self._upload(
            "/instruments/publications",
            {"instrument_id": created["id"], "dry_run": "false"},
            ("ankieta.json", survey.questionnaire()),
            "demo/instrument/1",
        )
        return {"instrument_id": created["id"], "version": 1}

    async def _open(self, questionnaire: Mapping[str, Any]) -> tuple[str, str]:
        """The study and its wave, both open."""
        body = {"code": STUDY, "partner": LEAD.id, "plan": PLAN, "planned_on": PLANNED_ON}
        planned = await self._command(RESEARCHER, "/studies", body, "demo/study")
        path, key = f"/studies/{planned['id']}", "demo/study"
        reviewed_on = PLANNED_ON + timedelta(9)
        verdict = {"verdict": "approved", "reference": "KE/12/2025", "reviewed_on": reviewed_on}
        wave = {
            "purpose": "baseline",
            "mode": "anonymous",
            "instrument": questionnaire,
            "opens_on": survey.FIRST_DAY,
            "closes_on": survey.LAST_DAY,
            "reminders": [14],
        }
        opened_on = reviewed_on + timedelta(1)
        acts = [
            Act("review", COORDINATOR, reviewed_on, "/reviews", verdict),
            Act("open", RESEARCHER, opened_on, "/opening", {"opened_on": opened_on}),
            Act("wave", RESEARCHER, opened_on, "/waves", {"wave": wave, "planned_on": opened_on}),
        ]
        version = await self._enact(path, key, planned["version"], acts)
        study = await self._gateway.read(RESEARCHER, path, at_least=self._position)
        wave_id = study["waves"][0]["wave_id"]
        body = {"opened_on": survey.FIRST_DAY}
        begun = Act("begin", RESEARCHER, survey.FIRST_DAY, f"/waves/{wave_id}/opening", body)
        await self._enact(path, key, version, [begun])
        return planned["id"], wave_id

    async def _answer(self, study: str, wave: str) -> None:
        fields = {"study_id": study, "wave_id": wave, "dry_run": "false", "mode": "good_rows"}
        export = ("odpowiedzi.csv", survey.responses())
        await self._upload("/responses/imports", fields, export, "demo/responses")

    async def _review(self, study: str, wave: str) -> None:
        """All are approved, then the wave is closed."""
        path = f"/waves/{wave}/responses"
        waiting = [each["id"] for each in await self._pages(path) if each["review"] is None]
        for first in range(0, len(waiting), BATCH):
            batch = waiting[first : first + BATCH]
            body = {"responses": batch, "status": "approved"}
            await self._command(RESEARCHER, f"{path}/reviews", body, f"demo/reviews/{batch[0]}")
        read = await self._gateway.read(RESEARCHER, f"/studies/{study}", at_least=self._position)
        if read["waves"][0]["state"] == "open":
            closed = Act(
                "end", RESEARCHER, survey.LAST_DAY, "/closing", {"closed_on": survey.LAST_DAY}
            )
            wave_path = f"/studies/{study}/waves/{wave}"
            await self._enact(wave_path, "demo/wave", read["version"], [closed])

    async def _release(self, study: str, wave: str) -> dict[str, Any]:
        path = f"/studies/{study}/waves/{wave}/dataset"
        pinned = await self._analysis(path, {}, "demo/dataset")
        asked = {"audience": "public", "tables": TABLES}
        path = f"/datasets/{pinned['dataset_id']}/releases"
        return await self._analysis(path, asked, "demo/release")

    async def _analysis(self, path: str, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        started = await self._gateway.command(RESEARCHER, path, body, key)
        return await self._job(f"/analyses/{started['id']}", key, RESEARCHER)

    async def _publish(self, study: str, release: str) -> str:
        facts = ("gminy.csv", survey.facts())
        await self._upload("/communes/imports", {"dry_run": "false"}, facts, "demo/communes")
        composed_on = PUBLISHED_FROM
        body = {
            "code": DIAGNOSIS,
            "report_version": 1,
            "study_id": study,
            "title": TITLE,
            "summary_pl": SUMMARY_PL,
            "summary_en": SUMMARY_EN,
            "territory": [*survey.COUNTY],
            "year": survey.YEAR,
            "releases": [release],
            "composed_on": composed_on,
        }
        composed = await self._command(RESEARCHER, "/diagnoses", body, "demo/diagnosis")
        path = f"/diagnoses/{composed['id']}"
        approved = Act(
            "approve", COORDINATOR, composed_on, "/approval", {"approved_on": composed_on}
        )
        await self._enact(path, "demo/diagnosis", composed["version"], [approved])
        address = f"https://example.org/public/diagnoses/{composed['id']}"
        imprint = {"imprint": IMPRINT | {"address": address}}
        started = await self._gateway.command(
            COORDINATOR, f"{path}/publication", imprint, "demo/diagnosis/publish"
        )
        await self._job(f"/diagnoses/publications/{started['id']}", "publication")
        return str(composed["id"])

    async def _follow_up(self) -> None:
        """Some of those whose measurement is open now tell what became of them. Of most the caseworker
        confirms it; the rest waits for somebody who tries the platform.
        """
        asked: list[dict[str, Any]] = []
        for each in sorted(await self._due(), key=lambda each: str(each["due_on"])):
            if len(asked) < FOLLOWED_UP and not await self._recorded(each):
                asked.append(each)
        await self._each("research: people who left tell", asked, self._tell)
        await self._each("research: what they told is confirmed", asked[LEFT_OPEN:], self._confirm)

    async def _due(self) -> list[dict[str, Any]]:
        today = self._today.isoformat()
        found = await self._pages("/follow-ups", state="open")
        return [each for each in found if each["due_from"] <= today <= each["due_on"]]

    async def _recorded(self, measurement: Mapping[str, Any]) -> bool:
        """Whether a caseworker has recorded the result already, without research."""
        path = f"/participants/{measurement['participant_id']}"
        participant = await self._gateway.read(_caseworker(measurement), path)
        result = RESULTS[measurement["kind"]]
        return bool(participant["episodes"][-1][result] is not None)

    async def _tell(self, measurement: Mapping[str, Any]) -> None:
        by, path = _caseworker(measurement), f"/follow-ups/{measurement['id']}"
        situation = Random(measurement["participant_id"]).choice(SITUATIONS)  # noqa: S311
        body = {"observed_on": self._today, "situation": situation}
        await self._command(by, f"{path}/answer", body, f"demo{path}", measurement["version"])

    async def _confirm(self, measurement: Mapping[str, Any]) -> None:
        by, path = _caseworker(measurement), f"/participants/{measurement['participant_id']}"

        async def proposed() -> dict[str, Any] | None:
            participant = await self._gateway.read(by, path)
            found = {each["proposal_id"] for each in participant["proposed_results"]}
            return participant if measurement["id"] in found else None

        participant = await until(proposed, "the registry to hear what people told")
        decision = {
            "decided_on": self._today,
            "approve": True,
            "justification": "Zgodne z rozmową telefoniczną",
        }
        end, key = f"/results/{measurement['id']}/decision", f"demo/result/{measurement['id']}"
        await self._gateway.command(by, path + end, decision, key, participant["version"])

    async def _look(self, diagnosis: str, released: Mapping[str, Any]) -> None:
        """What anybody can read of it in the end."""
        read = self._gateway.read
        release = f"/datasets/{released['dataset_id']}/releases/{released['release_id']}"
        needs = await read(COORDINATOR, f"/public/diagnoses/{diagnosis}/needs")
        self._played.research = {
            "diagnosis": diagnosis,
            "communes": needs["communes"],
            "tables": (await read(RESEARCHER, release))["tables"],
        }

    async def _upload(
        self, path: str, fields: Mapping[str, str], file: tuple[str, bytes], key: str
    ) -> None:
        started = await self._gateway.upload(RESEARCHER, path, fields, file, key)
        await self._job(f"{path}/{started['id']}", key, RESEARCHER)


def _caseworker(measurement: Mapping[str, Any]) -> Login:
    return Login("caseworker", measurement["partner"])


def _situation(labour_status: str, *, searching: bool) -> dict[str, Any]:
    return {
        "labour_status": labour_status,
        "in_education_or_training": False,
        "gained_qualification": True,
        "searching_for_work": searching,
        "improved": None,
    }


SITUATIONS: Final[Sequence[dict[str, Any]]] = (
    _situation("employed", searching=False),
    _situation("unemployed_registered", searching=True),
    _situation("employed", searching=False),
    _situation("inactive", searching=False),
)
