"""The rules of counting, each with its source: a mask over persons, or a yes or no.

They hold for every indicator of persons; what an indicator asks besides stands in its condition.
"""

from collections.abc import Mapping
from datetime import date

from services.reporting.domain.history.facts import Known
from services.reporting.domain.indicators.definition import Indicator, Moment, Windows
from services.reporting.domain.indicators.frames import UNKNOWN, Frame, Mask, all_of, any_of
from services.reporting.domain.indicators.vocabulary import MINIMUM_RECORD, PERSON_COLUMNS, Type
from shared.contracts.registry.vocabulary import Answer


def in_force(indicator: Indicator, on: date, known: Known) -> bool:
    """A law counts on its days; one that acts backwards counts on no day once it is law
    (Reg. (EU, Euratom) 2018/1046 took CO12 to CO14 out of 2014 to 2018 as well).
    """
    if on < indicator.valid_from:
        return False
    if indicator.valid_to is None:
        return True
    day = known.on if indicator.retroactive else on
    return day <= indicator.valid_to and on <= indicator.valid_to


def one_record(frame: Frame) -> Mask:
    """Within one operation a person is one record, whatever the number of entries (Commission's
    monitoring guidance): a record merged into another has no numbers.
    """
    return frame.flag("own_record")


def entered(frame: Frame) -> Mask:
    """Outputs are measured at the start of the first support, and stay those of the first entry
    (Commission's monitoring guidance; from knowledge).
    """
    return all_of([one_record(frame), frame.flag("entered")], len(frame))


def complete_record(frame: Frame) -> Mask:
    """Only a record that is complete for all non-sensitive data enters indicators and samples; an
    incomplete one enters the grand total (Reg. (EU) 1304/2013 annex I, Commission's guidance).
    A refused answer to a sensitive question leaves the record complete (same place).
    """
    known = (_is_known(frame, name) for name in MINIMUM_RECORD)
    return all_of([~frame.flag("monitoring_unreadable"), *known], len(frame))


def _is_known(frame: Frame, name: str) -> Mask:
    match PERSON_COLUMNS[name].type:
        case Type.NUMBER:
            known: Mask = frame.ints(name) != UNKNOWN
            return known
        case Type.TAGS:
            return frame.tags(name)[""]
        case _:
            return frame.choices(name).known


def left_and_observed(frame: Frame, windows: Windows) -> Mask:
    """Immediate results: the situation within four weeks after the final exit; after a re-entry
    there is none before the next exit (Reg. (EU) 1304/2013 annex I; Commission's guidance).
    """
    days = frame.ints("outcome_days")
    return frame.flag("left") & (days >= 0) & (days <= windows.outcome_days)


def observed_six_months_later(frame: Frame, windows: Windows) -> Mask:
    """Longer-term results: the situation six months after the final exit (Reg. (EU) 1304/2013
    annex I); how late it may be observed is the set's own window.
    """
    days = frame.ints("follow_up_days")
    return frame.flag("left") & (days >= 0) & (days <= windows.follow_up_days)


def measured(frame: Frame, moment: Moment, windows: Windows) -> Mask:
    """Whoever entered, and was observed at the moment of the indicator."""
    mask = entered(frame)
    match moment:
        case Moment.EXIT:
            return mask & left_and_observed(frame, windows)
        case Moment.SIX_MONTHS:
            return mask & observed_six_months_later(frame, windows)
        case _:
            return mask


def within_the_whole(masks: Mapping[str, Mask], indicator: Indicator, mask: Mask) -> Mask:
    """A part counts nobody whom its whole does not: CO02 of CO01, CO04 of CO03, EECO03 of EECO02
    (Reg. (EU) 1304/2013 annex I; Reg. (EU) 2021/1057 annex I).
    """
    whole = masks.get(indicator.subset_of or "")
    return mask if whole is None else mask & whole


def refused(frame: Frame, names: frozenset[str]) -> Mask:
    """Who was asked a sensitive question and refused: evidence of the asking stays (Reg. (EU)
    1304/2013 annex I; ESF monitoring guidance).
    """
    answers = (name for name in names if PERSON_COLUMNS[name].type is Type.CHOICE)
    return any_of((frame.choices(name).among([Answer.REFUSED]) for name in answers), len(frame))


def unasked(frame: Frame, names: frozenset[str]) -> Mask:
    """Who has no answer to a sensitive question on record, not even a refusal."""
    return any_of((~_is_known(frame, name) for name in names), len(frame))
