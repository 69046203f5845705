"""The same key of the same caller is the same command, for ever.

Nothing is stored here: the command id derives from caller and key, and the service finds a repeated
command in its ledger.
"""

import re
from uuid import UUID, uuid5

from starlette.datastructures import Headers

from gateway.problems import Problem

COMMAND_IDS = UUID("0ce0f1f4-3c5e-5a63-8d0f-6d04560a0002")
"""Namespace of command ids (RFC 9562 §5.5)."""
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def command_id(subject: str, headers: Headers) -> UUID:
    """Raises `Problem`: `idempotency_key_missing`, `idempotency_key_invalid`."""
    keys = headers.getlist("idempotency-key")
    if not keys:
        raise Problem("idempotency_key_missing")
    if len(keys) > 1 or _KEY.fullmatch(keys[0]) is None:
        raise Problem("idempotency_key_invalid")
    # The length keeps apart subjects and keys that would read alike when joined.
    return uuid5(COMMAND_IDS, f"{len(subject)}/{subject}/{keys[0]}")
