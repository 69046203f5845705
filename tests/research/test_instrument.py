"""An instrument's versions: each stays as it was published."""

from datetime import date

import pytest

from services.research.domain.form.canonical import digest
from services.research.domain.instrument import Instrument
from shared.contracts.research.vocabulary.forms import FormDefinition, FormOrigin
from shared.kernel.errors import Rejected
from shared.testing.scenario import Fact, fact, given, rejected
from tests.research.form.making import definition, item

DAY = date(2026, 3, 2)
FIRST = definition(item("text", "a"))
SECOND = definition(item("text", "a"), item("text", "b"))
CREATED = fact(Instrument.Created, DAY, code="ANK", title="Ankieta")


def published(number: int, content: FormDefinition) -> Fact:
    return fact(
        Instrument.VersionPublished,
        DAY,
        number=number,
        definition=content,
        digest=digest(content),
        origin=FormOrigin.JSON,
    )


def test_versions_follow_one_another_and_stay() -> None:
    outcome = given(Instrument, CREATED, published(1, FIRST)).when(
        lambda each: each.publish(definition=SECOND, origin=FormOrigin.JSON, on=DAY)
    )
    outcome.then(published(2, SECOND))
    instrument = given(Instrument, CREATED, published(1, FIRST), published(2, SECOND)).aggregate()
    assert [each.definition for each in instrument.versions] == [FIRST, SECOND]
    assert instrument.version_of(1).definition == FIRST
    with pytest.raises(Rejected):
        instrument.version_of(3)


def test_what_is_published_already_is_not_published_again() -> None:
    given(Instrument, CREATED, published(1, FIRST)).when(
        lambda each: each.publish(definition=FIRST, origin=FormOrigin.XLSFORM, on=DAY)
    ).then(rejected("nothing_changed"))


def test_a_code_is_used_once() -> None:
    given(Instrument, CREATED).when(
        lambda each: each.create(code="ANK", title="Ankieta", on=DAY)
    ).then(rejected("research.instrument_code_taken", pointer="/code"))


def test_what_is_no_form_is_not_published() -> None:
    broken = definition(item("text", "a", relevant="${b} = 1"))
    given(Instrument, CREATED).when(
        lambda each: each.publish(definition=broken, origin=FormOrigin.JSON, on=DAY)
    ).then(rejected("research.expression_question", {"question": "b"}, pointer="/items/0/relevant"))
