"""The operator's commands for parked messages: `python -m services.NAME parked …`."""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Annotated

import structlog
import typer
from eventsourcing.persistence import IntegrityError
from pydantic import ValidationError

from shared.contracts.events import Envelope
from shared.kernel.errors import Rejected
from shared.messaging.parking import Parked
from shared.messaging.reactions import Reactions, replay_tracking

log = structlog.get_logger(__name__)


class NotReplayable(Exception):
    """Why the message has to stay parked."""


def replay(reactions: Reactions, parked: Parked) -> None:
    """Give a parked event to its handler again; it leaves the parking when that succeeds.

    Its effect is recorded once, however often it is replayed. Raises `NotReplayable`, and whatever
    the handler raises.
    """
    if parked.envelope is None:
        raise NotReplayable("unreadable; if it was an event, it came from the publisher's feed")
    envelope = Envelope.model_validate(parked.envelope)
    found = reactions.handler(envelope.type)
    if found is None:
        raise NotReplayable(f"nothing here reacts to {envelope.type}")
    event_class, handler = found
    try:
        event = event_class.model_validate(envelope.data, extra="ignore")
    except ValidationError:
        raise NotReplayable(f"not a valid {envelope.type}") from None
    tracking = replay_tracking(envelope)
    try:
        handler(event, envelope, tracking)
    except IntegrityError:
        if reactions.tracker.max_tracking_id(tracking.application_name) is None:
            raise
    reactions.parking.remove(parked.id)
    log.info("event_replayed", id=parked.id, type=envelope.type)


def commands(compose: Callable[[], Mapping[str, Reactions]]) -> typer.Typer:
    """The command group; `compose` gives the service's reactions by publisher."""
    group = typer.Typer(help="Messages that could not be dealt with.", no_args_is_help=True)

    @group.command("list")
    def list_() -> None:
        """One line per message: id, when, type, why."""
        for parked in _all(compose()):
            when = parked.parked_at.replace(tzinfo=UTC).isoformat(timespec="seconds")
            typer.echo(f"{parked.id}\t{when}\t{parked.type or '-'}\t{dict(parked.reason)}")

    @group.command("replay")
    def replay_(
        identity: Annotated[str | None, typer.Argument(metavar="ID")] = None,
        every: Annotated[bool, typer.Option("--all")] = False,
    ) -> None:
        """Try one message again, or all in order; those that fail stay. Exit 1 if any did."""
        if (identity is None) is not every:
            raise typer.BadParameter("give either one ID or --all")
        reactions = compose()
        chosen = [p for p in _all(reactions) if every or p.id == identity]
        if identity is not None and not chosen:
            raise typer.BadParameter(f"no message {identity} is parked")
        results = [_replayed(reactions[parked.publisher], parked) for parked in chosen]
        raise typer.Exit(0 if all(results) else 1)

    @group.command("discard")
    def discard(identity: Annotated[str, typer.Argument(metavar="ID")]) -> None:
        """Drop a message for good, such as one that nobody can read."""
        for reactions in compose().values():
            if reactions.parking.get(identity) is not None:
                reactions.parking.remove(identity)
                typer.echo(f"{identity}: discarded")
                return
        raise typer.BadParameter(f"no message {identity} is parked")

    return group


def _all(reactions: Mapping[str, Reactions]) -> list[Parked]:
    """The parking is the service's: each message once, in the order to replay."""
    found = {p.id: p for own in reactions.values() for p in own.parking.list()}
    return list(found.values())


def _replayed(reactions: Reactions, parked: Parked) -> bool:
    try:
        replay(reactions, parked)
    except NotReplayable as error:
        typer.echo(f"{parked.id}: stays parked, {error}", err=True)
    except Rejected as refusal:
        typer.echo(f"{parked.id}: stays parked, refused as {refusal.code}", err=True)
    except Exception as error:
        typer.echo(f"{parked.id}: stays parked, failed with {type(error).__name__}", err=True)
    else:
        typer.echo(f"{parked.id}: replayed")
        return True
    return False
