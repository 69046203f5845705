"""The texts of research's contract, with the facts of the case at hand, in both languages."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from shared.contracts import research
from shared.runtime.tables.errors import Text

_PROBLEMS: Final = Path(research.__file__).with_name("problems.toml")
_TITLES: Final[Mapping[str, Text]] = {
    f"research.{code}": Text(problem["title"]["pl"], problem["title"]["en"])
    for code, problem in tomllib.loads(_PROBLEMS.read_text("utf-8")).items()
}
_DETAILS: Final[Mapping[str, Text]] = {
    "limit": Text("najwyżej {}", "at most {}"),
    "expected": Text("oczekiwano: {}", "expected: {}"),
    "found": Text("jest: {}", "found: {}"),
    "character": Text("znak {}", "character {}"),
    "name": Text("nazwa: {}", "name: {}"),
    "names": Text("nazwy: {}", "names: {}"),
    "first": Text("pierwsza: {}", "first: {}"),
    "field": Text("pole: {}", "field: {}"),
    "kind": Text("rodzaj: {}", "kind: {}"),
    "list": Text("lista: {}", "list: {}"),
    "question": Text("pytanie: {}", "question: {}"),
    "function": Text("funkcja: {}", "function: {}"),
    "operator": Text("działanie: {}", "operator: {}"),
    "reason": Text("{}", "{}"),
}
"""How the facts of a refusal are told, in this order."""


def sentence(code: str, facts: Mapping[str, Any]) -> Text:
    """What a code says of a case. A message of the form's author says it better than we can."""
    title = _TITLES[code]
    if message := facts.get("message"):
        return Text(message["pl"], message.get("en", message["pl"]))
    details = [
        Text(*(phrase.format(_listed(facts[name])) for phrase in template))
        for name, template in _DETAILS.items()
        if facts.get(name) not in (None, "")
    ]
    if not details:
        return Text(f"{title.pl}.", f"{title.en}.")
    return Text(
        f"{title.pl} ({'; '.join(each.pl for each in details)}).",
        f"{title.en} ({'; '.join(each.en for each in details)}).",
    )


def _listed(fact: Any) -> str:
    return ", ".join(fact) if isinstance(fact, list) else str(fact)
