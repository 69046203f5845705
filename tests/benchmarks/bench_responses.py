"""Responses to a questionnaire of thirty questions, ten of them with skip logic, read from an export
and judged.

    ./dev bench responses

Nothing is stored: what is measured is the reading of the file and the judgement, in seconds of the
processor. Half of the responses skip what skip logic lets them; one in fifty has an answer that is
refused.
"""

import argparse
import csv
import io
import random
import time
from datetime import date
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from services.research.domain.form.form import Form
from services.research.domain.form.judging import judge
from services.research.formats.kobo import read_export
from shared.contracts.research.vocabulary.forms import FormDefinition

RESPONSES: Final = 100_000
JUDGING_SECONDS: Final = 20.0
"""What judging so many may take of the minute that the whole import has."""
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=RESPONSES)
    Console().print(measure(parser.parse_args().responses))
