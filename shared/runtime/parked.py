"""`python -m services.NAME parked …`: the operator's commands for messages set aside.

A service with reactions has `bootstrap.reactions(settings)`: its `Reactions` by publisher.
"""

from collections.abc import Sequence

from shared.messaging.parked import commands
from shared.runtime.logging import configure_logging
from shared.runtime.roots import bootstrap_of
from shared.runtime.settings import ProcessSettings, ServiceSettings, Unconfigured


def main(service: str, arguments: Sequence[str]) -> int:
    """Run one command. Ends the process itself where it fails."""
    bootstrap = bootstrap_of(service)
    if not hasattr(bootstrap, "reactions"):
        raise Unconfigured(f"{service} reacts to no other service, so nothing of it is parked")
    settings = ProcessSettings.load()
    configure_logging(settings.log_format, settings.log_level)
    own = ServiceSettings.load(service)
    commands(lambda: bootstrap.reactions(own))(list(arguments), prog_name=f"{service} parked")
    return 0
