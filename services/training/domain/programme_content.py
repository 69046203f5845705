"""What a programme must say, by what it leads to.

A qualification is certified by an authorised body, under its number in the public register
(Integrated Qualifications System Act of 22 December 2015). A competence is reached in four dated
stages, scope ≤ standard < assessment ≤ comparison; the first two are the programme's.
"""

from datetime import date

from shared.contracts.training.vocabulary import ProgrammeContent, Result
from shared.kernel.days import require_come
from shared.kernel.errors import Rejected


def require_complete(content: ProgrammeContent, approved_on: date) -> None:
    if content.result is Result.QUALIFICATION:
        _require_certifying_body(content)
    else:
        _require_stages(content, approved_on)


def _require_certifying_body(content: ProgrammeContent) -> None:
    if content.certifying_body is None:
        raise Rejected("training.certifying_body_missing", pointer="/content/certifying_body")
    for name in ("scope_on", "standard_on"):
        if getattr(content, name) is not None:
            raise Rejected("training.only_of_competence", {"field": name}, f"/content/{name}")


def _require_stages(content: ProgrammeContent, approved_on: date) -> None:
    if content.certifying_body is not None:
        raise Rejected("training.only_of_qualification", pointer="/content/certifying_body")
    for name, day in (("scope_on", content.scope_on), ("standard_on", content.standard_on)):
        if day is None:
            raise Rejected("training.stage_missing", {"field": name}, f"/content/{name}")
        require_come(day, approved_on, f"/content/{name}")
    if content.scope_on and content.standard_on and content.standard_on < content.scope_on:
        raise Rejected(
            "training.stages_out_of_order",
            {"scope_on": content.scope_on.isoformat()},
            "/content/standard_on",
        )
