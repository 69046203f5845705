"""The rules as they ship."""

from pathlib import Path

from services.research.domain.rules.indicators import IndicatorRules
from shared.kernel.parameters import read_toml

FOLDER = Path(__file__).parents[3] / "services/research/rules/indicators"
TEXTS = [path.read_text() for path in sorted(FOLDER.glob("*.toml"))]
RULES = IndicatorRules.model_validate(read_toml(TEXTS))
