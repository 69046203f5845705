"""The documented table of all settings, generated so that it cannot lie.

``python -m shared.runtime.configuration`` writes ``docs/configuration.md``.
"""

from pathlib import Path

from pydantic_settings import BaseSettings

from shared.runtime.settings import GatewaySettings, ProcessSettings, ServiceSettings

PAGE = Path("docs/configuration.md")

HEAD = """# Configuration

Every process is configured by environment variables, read once at its start. A missing or wrong
value ends the process with a line that names the variable.

Settings of one service (`NAME_…`) and of the gateway (`GATEWAY_…`) may instead stand in the settings
file `SETTINGS_DIR/NAME.env`, without the prefix (`LEDGER_URI=…`), which is how secrets are given as
files; a variable outweighs the file.

| variable | default | meaning |
|---|---|---|
| `SETTINGS_DIR` | none | Folder of the settings files |
"""

SECTIONS: tuple[tuple[str, type[BaseSettings]], ...] = (
    ("", ProcessSettings),
    ("NAME_", ServiceSettings),
    ("GATEWAY_", GatewaySettings),
)


def page() -> str:
    """The page as Markdown."""
    rows = [row for prefix, settings in SECTIONS for row in _rows(prefix, settings)]
    return HEAD + "\n".join(rows) + "\n"


def _rows(prefix: str, settings: type[BaseSettings]) -> list[str]:
    return [
        f"| `{prefix}{name.upper()}` | {_default(field.get_default())} | {field.description} |"
        for name, field in settings.model_fields.items()
        if not field.exclude
    ]


def _default(value: object) -> str:
    return (
        "required"
        if repr(value) == "PydanticUndefined"
        else "none"
        if value is None
        else f"`{value}`"
    )


if __name__ == "__main__":
    PAGE.write_text(page())
