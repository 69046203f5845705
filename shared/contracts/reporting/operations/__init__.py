"""Every call that reporting answers, and who may make it; a module per subject."""

import importlib
import pkgutil

from shared.contracts.model import Published
from shared.contracts.operations import Operation

OPERATIONS: tuple[Operation[Published, Published], ...] = tuple(
    operation
    for module in sorted(each.name for each in pkgutil.iter_modules(__path__))
    for operation in vars(importlib.import_module(f"{__name__}.{module}")).values()
    if isinstance(operation, Operation)
)
