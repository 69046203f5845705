"""Answers to training's queries, from its read models; one module per subject.

Each subject is a class on the same ground, with a method per query of the contract.
"""

from services.training.queries.attendance import Attendance
from services.training.queries.certificates import Certificates
from services.training.queries.documents import Documents
from services.training.queries.editions import Editions
from services.training.queries.participations import Participations
from services.training.queries.printing import Printing
from services.training.queries.programmes import Programmes
from services.training.queries.reading import Reading
from services.training.queries.sessions import Sessions
from services.training.queries.timetables import Timetables


class Queries:
    def __init__(self, reading: Reading, printing: Printing) -> None:
        self.programmes = Programmes(reading)
        self.editions = Editions(reading)
        self.timetables = Timetables(reading)
        self.sessions = Sessions(reading)
        self.attendance = Attendance(reading)
        self.participations = Participations(reading)
        self.certificates = Certificates(reading, printing)
        self.documents = Documents(reading, printing, self.attendance)
