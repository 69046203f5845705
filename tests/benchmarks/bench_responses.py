"""Responses to a questionnaire of thirty questions, ten of them with skip logic, read from an export,
judged, and imported.

    ./dev bench responses

Reading and judging are measured alone, in seconds of the processor; then the whole import as the
follower does it, on servers of its own: each response judged, sealed, recorded and known by its id,
then projected. Half of the responses skip what skip logic lets them; one in fifty has an answer that
is refused.
"""

import argparse
import csv
import io
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from rich.console import Console
from rich.table import Table

from services.research.application.importing import ResponseImport
from services.research.bootstrap import Composition, compose, follower
from services.research.domain.form.form import Form
from services.research.domain.form.judging import judge
from services.research.domain.response import Asked
from services.research.formats.kobo import read_export
from shared.contracts.access import Role
from shared.contracts.research.vocabulary.forms import FormDefinition
from shared.contracts.research.vocabulary.studies import PinnedInstrument, WaveMode
from shared.runtime.development.binaries import find_mongod, find_rabbitmq
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.follow import Follower
from shared.runtime.imports import Tally
from shared.runtime.provision import Administrator, provision
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from shared.runtime.views import Projector
from tests.driving import act_by, caller

RESPONSES: Final = 100_000
JUDGING_SECONDS: Final = 20.0
"""What judging so many may take of the minute that the whole import has."""
IMPORT_SECONDS: Final = 60.0
"""What importing so many may take, all together."""
FILLED: Final = date(2026, 3, 2)
CHOICES: Final = ("a", "b", "c", "d", "e")


def questionnaire() -> Form:
    """Thirty questions: skip logic on every third, constraints on numbers and days."""
    label = {"pl": "Pytanie", "en": "Question"}
    items: list[dict[str, Any]] = []
    for group in range(10):
        chosen, number, other = f"q{group}_chosen", f"q{group}_number", f"q{group}_other"
        kinds = [("select_multiple", "date"), ("integer", "text"), ("decimal", "date")][group % 3]
        items.append(
            {"kind": "select_one", "name": chosen, "label": label, "choices": "l", "required": True}
        )
        skip = f"${{{chosen}}} = 'a' or ${{{chosen}}} = 'b'"
        first = {"kind": kinds[0], "name": number, "label": label, "relevant": skip}
        if kinds[0] == "select_multiple":
            first |= {"choices": "l", "constraint": "count-selected(.) <= 3"}
        else:
            first |= {"constraint": ". >= 0 and . <= 120"}
        second: dict[str, Any] = {"kind": kinds[1], "name": other, "label": label}
        if kinds[1] == "date":
            second |= {"constraint": ". <= today()"}
        items += [first, second]
    choices = [{"name": name, "label": label} for name in CHOICES]
    return Form(
        FormDefinition.model_validate(
            {"title": label, "choice_lists": {"l": choices}, "items": items}
        )
    )


def answers(form: Form, draw: random.Random) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, question in form.questions.items():
        kind = question.item.kind.value
        if question.item.relevant and given[name.replace("number", "chosen")] not in {"a", "b"}:
            continue
        if kind == "select_one":
            given[name] = draw.choice(CHOICES if draw.random() < 0.5 else ("a", "b"))
        elif kind == "select_multiple":
            given[name] = " ".join(draw.sample(CHOICES, draw.randint(1, 3)))
        elif kind == "integer":
            given[name] = str(draw.randint(0, 120))
        elif kind == "decimal":
            given[name] = f"{draw.uniform(0, 120):.2f}"
        elif kind == "date":
            given[name] = f"2026-0{draw.randint(1, 2)}-{draw.randint(10, 28)}"
        else:
            given[name] = f"odpowiedź {draw.randint(0, 999)}"
    if draw.random() < 0.02:
        given["q1_other"], given["q0_chosen"] = "x", "f"
    return given


def export(form: Form, responses: int) -> bytes:
    """The file that KoBoToolbox would give."""
    draw = random.Random(1)
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, ["_uuid", "_submission_time", *form.questions])
    writer.writeheader()
    for number in range(responses):
        facts = {"_uuid": f"r{number}", "_submission_time": f"{FILLED}T12:00:00"}
        writer.writerow(facts | answers(form, draw))
    return target.getvalue().encode()


def measure(responses: int) -> Table:
    form = questionnaire()
    content = io.BytesIO(export(form, responses))
    begun = time.process_time()
    read = list(read_export(content, "odpowiedzi.csv", form).rows)
    reading = time.process_time() - begun
    begun = time.process_time()
    refused = sum(
        bool(judge(form, each.answers, on=each.filled_on or FILLED).problems) for each in read
    )
    judging = time.process_time() - begun
    scaled = JUDGING_SECONDS * responses / RESPONSES
    table = Table("what", "seconds of the processor", "target", title=f"{responses} responses")
    table.add_row("read from CSV", f"{reading:.1f}", "")
    table.add_row(
        "judged", f"{judging:.1f}", f"{scaled:.1f} {'met' if judging <= scaled else 'MISSED'}"
    )
    table.add_row("refused", str(refused), f"about {responses // 50}")
    return table


@contextmanager
def running() -> Iterator[tuple[Composition, Follower]]:
    """Research on servers of its own."""
    folder = Path(tempfile.mkdtemp(prefix="tjp-", dir=os.environ.get("TEST_FOLDER")))
    mongodb = MongoServer(folder / "mongodb", find_mongod())
    broker = BrokerServer(folder / "rabbitmq", find_rabbitmq())
    try:
        mongodb.launch()
        broker.launch()
        mongodb.wait_ready()
        broker.wait_ready()
        administrator = Administrator(mongodb.uri, broker.uri, broker.management_url)
        provision(folder / "settings", ["research"], administrator, report=lambda _: None)
        os.environ[SETTINGS_DIR] = str(folder / "settings")
        os.environ["RESEARCH_FORM_URL"] = "https://example.org/ask"
        settings = ServiceSettings.load("research")
        composition, followed = compose(settings), follower(settings)
        yield composition, followed
        composition.close()
        followed.close()
    finally:
        broker.kill()
        mongodb.kill()
        shutil.rmtree(folder, ignore_errors=True)


def imported(composition: Composition, content: bytes, form: Form) -> tuple[Tally, int]:
    """The result, and by how many MB the memory grew beyond what the first tenth needed."""
    peaks: list[int] = []
    asked = Asked(
        study_id=uuid4(),
        wave_id=uuid4(),
        partner="uniwersytet",
        mode=WaveMode.ANONYMOUS,
        instrument=PinnedInstrument(instrument_id=UUID(int=1), version=1),
    )
    work = ResponseImport(
        composition.application,
        act_by(caller(Role.RESEARCHER, "uniwersytet"), "research.import_responses"),
        form,
        asked,
        io.BytesIO(content),
        "odpowiedzi.csv",
        lambda _: peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss),
    )
    tally = work.perform()
    return tally, (peaks[-1] - peaks[len(peaks) // 10]) // 1024


def measure_import(responses: int) -> Table:
    form = questionnaire()
    content = export(form, responses)
    with running() as (composition, followed):
        begun, processor = time.perf_counter(), time.process_time()
        tally, grown = imported(composition, content, form)
        seconds, processor = time.perf_counter() - begun, time.process_time() - processor
        projector = Projector(followed.projections[0], followed.views)
        projector.prepare()
        begun, position = time.perf_counter(), 0
        while (reached := projector.advance(followed.history, position)) != position:
            position = reached
        projected = time.perf_counter() - begun
    target = IMPORT_SECONDS * responses / RESPONSES
    load = os.getloadavg()[0]
    table = Table("what", "measured", "target", title=f"{responses} imported, load {load:.0f}")
    verdict = "met" if seconds <= target else "MISSED"
    table.add_row("import, seconds", f"{seconds:.1f}", f"{target:.0f} {verdict}")
    table.add_row("of them this processor", f"{processor:.1f}", "")
    table.add_row("memory after the first tenth, MB", f"+{grown}", "flat")
    table.add_row("then projected, seconds", f"{projected:.1f}", "")
    table.add_row(
        "recorded / rejected", f"{tally.fates['recorded']} / {tally.fates['rejected']}", ""
    )
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=RESPONSES)
    options = parser.parse_args()
    Console().print(measure(options.responses))
    Console().print(measure_import(options.responses))
