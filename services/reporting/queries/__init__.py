"""Answers to reporting's queries, from its read models; one module per subject.

Each subject is a class on the same ground, with a method per query of the contract.
"""

from services.reporting.queries.facts import Facts
from services.reporting.queries.plans import Plans
from services.reporting.queries.reading import Reading
from services.reporting.queries.reports import Reports


class Queries:
    def __init__(self, reading: Reading) -> None:
        self.facts = Facts(reading)
        self.plans = Plans(reading)
        self.reports = Reports(reading)
