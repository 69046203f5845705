"""Kasa's rules as they stand in its folder."""

from pathlib import Path

from services.kasa.domain.rules import KasaRules

FOLDERS = Path("services/kasa/rules")
RULES = KasaRules.parse(
    {
        each.name: [path.read_text() for path in sorted(each.glob("*.toml"))]
        for each in FOLDERS.iterdir()
    }
)
