"""The operator's commands of `tallying`, after its handler was mended."""

import os

from shared.messaging.parked import commands
from shared.messaging.reactions import Reactions
from tests.messaging.trial.ledgers import Ledgers


def compose() -> dict[str, Reactions]:
    ledgers = Ledgers(os.environ["TRIAL_MONGODB"], os.environ["TRIAL_PREFIX"], mended=True)
    return {"counting": ledgers.reactions(ledgers.tallying())}


if __name__ == "__main__":
    commands(compose)()
