"""The one text of a form definition, and its digest, by which anybody can tell what was asked."""

import hashlib
from typing import Final

import rfc8785

from shared.contracts.research.vocabulary.forms import FormDefinition

LIMIT: Final = 512 * 1024
"""Bytes of the canonical text."""


def canonical(definition: FormDefinition) -> bytes:
    """Canonical JSON (RFC 8785) of all that is said. What is not said has no place in it, so that a
    field added to the language one day changes no digest.
    """
    return rfc8785.dumps(definition.model_dump(mode="json", exclude_defaults=True))


def digest(definition: FormDefinition) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(definition)).hexdigest()
