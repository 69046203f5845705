"""From answers to what disclosure control counts: a row for each version of a response."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.research.domain.analysis.axes import Axis
from services.research.domain.analysis.frames import ID, answer_frame
from services.research.domain.analysis.questions import respondent, shown_to, variables_of
from services.research.domain.analysis.tables import microdata
from services.research.domain.analysis.variables import Kind
from services.research.domain.answered import Answered
from services.research.domain.disclosure import tables
from services.research.domain.disclosure.microdata import Microdata
from services.research.domain.form.form import Form
from shared.contracts.research.vocabulary.tables import Dimension
from shared.kernel.errors import Rejected


@dataclass(frozen=True)
class Counted:
    """`axes` by the name of their dimension, with the labels of their categories."""

    data: Microdata
    axes: Mapping[str, Axis]


def counted(
    form: Form,
    editions: Mapping[int, Iterable[Answered]],
    dimensions: Sequence[Dimension],
) -> Counted:
    """By position, the responses of each edition; units are those of any edition. Who did not answer a
    question, or was not asked, has a category of it.

    Raises what `microdata` of analysis raises, and `research.dimension_not_fitting` for days: the
    periods that occur are known only from the answers, and would change from edition to edition.
    """
    variables = variables_of(form.definition)
    present = {position: {each.identity: each for each in by} for position, by in editions.items()}
    units = {name: each for by in present.values() for name, each in by.items()}
    frame = answer_frame(
        variables,
        (
            respondent(name, each.answers, shown_to(form, each.answers), variables)
            for name, each in sorted(units.items())
        ),
    )
    for number, each in enumerate(dimensions):
        pointer = f"/dimensions/{number}"
        if frame.variable(each.variable, f"{pointer}/variable").kind is Kind.DATE:
            facts = {"variable": each.variable, "kind": Kind.DATE.value}
            raise Rejected("research.dimension_not_fitting", facts, pointer)
    rows = frame.data[ID].to_list()
    codes, axes = np.zeros((len(rows), 0), dtype=np.int64), {}
    if dimensions:
        found = microdata(frame, dimensions, absent=True)
        codes, axes = found.codes, {each.name: each for each in found.axes}
    return Counted(
        Microdata(
            tuple(
                tables.Dimension(each.name, each.codes, each.sensitive) for each in axes.values()
            ),
            codes,
            {
                position: np.array([name in by for name in rows], dtype=bool)
                for position, by in present.items()
            },
        ),
        axes,
    )
