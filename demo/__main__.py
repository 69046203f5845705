"""Play the partnership through a running gateway: `python -m demo`.

`GATEWAY_URL` is the gateway's address; `IDENTITY_FOLDER` holds the keys of the development identity
provider, which gives the tokens. Ends with code 1 when anything was refused.
"""

import asyncio
import os
import sys
import time
from datetime import datetime
from pathlib import Path

import httpx
from rich.console import Console

from demo.gateway import TIMEOUT, Gateway, Login, Refused
from demo.player import CONCURRENCY, Played
from demo.report import Bars, show
from demo.scenario import Scenario
from shared.contracts.access import Role
from shared.kernel.days import POLAND
from shared.runtime.development.identity import DevelopmentIdentity

WIDTH = 80


def main() -> int:
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    began = time.monotonic()
    try:
        with Bars(console) as bars:
            played = asyncio.run(play(os.environ["GATEWAY_URL"], bars))
    except Refused as refused:
        console.print(f"The demonstration cannot go on: {refused}", markup=False)
        return 1
    except KeyError as missing:
        console.print(f"The environment variable {missing} is not set.")
        return 2
    show(console, played, time.monotonic() - began)
    return 1 if played.failures else 0


async def play(url: str, bars: Bars) -> Played:
    identity = DevelopmentIdentity(Path(os.environ["IDENTITY_FOLDER"]))

    def token(login: Login) -> str:
        return identity.token(Role(login.role), partner=login.partner)

    limits = httpx.Limits(max_connections=CONCURRENCY)
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT, limits=limits) as http:
        return await Scenario(Gateway(http, token), datetime.now(POLAND).date(), bars).play()


if __name__ == "__main__":
    sys.exit(main())
