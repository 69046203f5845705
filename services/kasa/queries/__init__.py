"""Answers to kasa's queries, from its read models; one module per subject.

Each subject is a class on the same ground, with a method per query of the contract.
"""

from services.kasa.queries.advice import Advice
from services.kasa.queries.bank import Bank
from services.kasa.queries.calls import Calls
from services.kasa.queries.enterprises import Enterprises
from services.kasa.queries.fund import Fund
from services.kasa.queries.grants import Grants
from services.kasa.queries.loans import Loans
from services.kasa.queries.queue import Queue
from services.kasa.queries.reading import Reading
from services.kasa.queries.undertakings import Undertakings


class Queries:
    def __init__(self, reading: Reading) -> None:
        self.enterprises = Enterprises(reading)
        self.undertakings = Undertakings(reading)
        self.advice = Advice(reading)
        self.calls = Calls(reading)
        self.grants = Grants(reading)
        self.fund = Fund(reading)
        self.loans = Loans(reading)
        self.bank = Bank(reading)
        self.queue = Queue(reading)
