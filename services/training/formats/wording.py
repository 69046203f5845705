"""What training says of the rows of a file: its refusals, in the words of its contract."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shared.contracts import training
from shared.runtime.tables.errors import Text, Wording

_PROBLEMS: Final = Path(training.__file__).with_name("problems.toml")

TEXTS: Mapping[str, Text] = {
    f"training.{code}": Text(f"{problem['title']['pl']}.", f"{problem['title']['en']}.")
    for code, problem in tomllib.loads(_PROBLEMS.read_text("utf-8")).items()
} | {
    "training.minutes_over_session": Text(
        "Zajęcia trwały bez przerw {session_minutes} min, a wpisano {minutes}.",
        "The session lasted {session_minutes} minutes without its breaks, and {minutes} are given.",
    ),
    "session_unknown": Text("Nie ma takich zajęć.", "There is no such session."),
    "other_day": Text("Te zajęcia są w dniu {day}.", "This session is on {day}."),
    "repeated": Text(
        "Ta osoba jest już na tych zajęciach w wierszu {first}.",
        "This person is already in row {first} for the session.",
    ),
}
row_error = Wording(TEXTS).row_error
