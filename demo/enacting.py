"""What the parts of the fund share: commands on their days, in versions, after what they rest on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from demo.acts import Act
from demo.gateway import Login, Refused
from demo.player import Player, until

NOT_HEARD_YET = {"kasa.participant_unknown", "kasa.not_admitted", "kasa.certificate_unknown"}
"""How kasa refuses what rests on an event of another service that has not reached it."""


class Enacting(Player):
    async def _create(
        self, by: Login, on: date, path: str, body: Mapping[str, Any], key: str
    ) -> dict[str, Any] | None:
        """Nothing before its day."""
        return None if on > self._today else await self._command(by, path, body, key)

    async def _enact(self, path: str, key: str, version: int, acts: Iterable[Act]) -> int:
        """The acts on one thing, until the first one whose day has not come; its version then."""
        for act in acts:
            if act.on > self._today:
                break
            version = await self._heard(path, key, version, act)
        return version

    async def _heard(self, path: str, key: str, version: int, act: Act) -> int:
        async def done() -> int | None:
            try:
                receipt = await self._command(
                    act.by, path + act.end, act.body, f"{key}/{act.name}", version, act.method
                )
            except Refused as refused:
                if refused.code in NOT_HEARD_YET:
                    return None
                raise
            return int(receipt["version"])

        return await until(done, "kasa to hear of the participants and their certificates")
