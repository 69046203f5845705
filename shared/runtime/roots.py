"""The composition roots of services, for processes that read a whole ledger."""

import importlib
import pkgutil
from typing import Any


def bootstrap_of(service: str) -> Any:
    """The module that composes a service, with all modules of its domain loaded: an event can be read
    only by the class that its module registers, whether or not a projection asks for it by name.
    """
    domain = importlib.import_module(f"services.{service}.domain")
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        importlib.import_module(module.name)
    return importlib.import_module(f"services.{service}.bootstrap")
