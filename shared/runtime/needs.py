"""What a service asks for beside its own ledger, views, files and broker user.

It declares that in its folder, `services/NAME/needs.toml`; without the file it asks for nothing.
Provisioning gives what is declared and takes away what no longer is.
"""

import tomllib

from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError

from shared.runtime.entrypoints import SERVICES


class NeedsUnclear(Exception):
    """A declaration that cannot be read; the text names the file and what is expected."""


class Needs(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    vault: StrictBool = False
    """The keys of the subjects: it seals personal data, or opens what is sealed."""
    ledgers: StrictBool = False
    """To read the commits of all ledgers."""
    signing: StrictBool = False
    """The key that signs checkpoints."""
    verification: StrictBool = False
    """The public address at which its documents are verified, because they carry it."""
    forms: StrictBool = False
    """The public address of its web forms, because invitations carry it."""

    @classmethod
    def of(cls, service: str) -> "Needs":
        """Raises `NeedsUnclear`."""
        file = SERVICES / service / "needs.toml"
        if not file.exists():
            return cls()
        try:
            return cls.model_validate(tomllib.loads(file.read_text()))
        except (ValidationError, tomllib.TOMLDecodeError):
            expected = " or ".join(f"{name} = true" for name in cls.model_fields)
            raise NeedsUnclear(f"{file}: lines {expected} are expected, nothing else") from None
