"""A service driven without the wire: commands, then the projection by hand, then queries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from shared.contracts.access import Role
from shared.contracts.operations import Caller, Operation, Receipt
from shared.eventstore.acts import Act
from shared.kernel.provenance import Provenance
from shared.runtime.answering import Answering
from shared.runtime.follow import Follower
from shared.runtime.views import Projector

C = TypeVar("C", bound=Answering[Any, Any])


def caller(role: Role, partner: str | None = None, name: str = "") -> Caller:
    return Caller(subject=f"oidc|{name or role}", roles=frozenset({role}), partner=partner)


COORDINATOR = caller(Role.COORDINATOR)


@dataclass
class Driven(Generic[C]):
    """`subjects` are the modules that hold the commands; `clock` is the service's time."""

    composition: C
    followed: Follower
    projector: Projector
    clock: list[datetime]
    operations: Iterable[Operation[Any, Any]]
    subjects: Iterable[ModuleType]
    position: int = field(default=0)

    def do(
        self,
        command: Any,
        by: Caller = COORDINATOR,
        *,
        seen: int | None = None,
        key: UUID | None = None,
    ) -> Receipt:
        """Give a command by the function of its name, and let the projection see it."""
        receipt = self.command(command, by, seen=seen, key=key)
        self.project()
        return receipt

    def command(
        self,
        command: Any,
        by: Caller = COORDINATOR,
        *,
        seen: int | None = None,
        key: UUID | None = None,
    ) -> Receipt:
        """Give a command only, from any thread."""
        operation = next(each for each in self.operations if each.request is type(command))
        application = self.composition.application
        digest = application.digest_of(operation.name, command.model_dump(mode="json"))
        act = self._act(operation, by, seen, key, digest)
        decide: Callable[..., Receipt] = next(
            getattr(each, operation.name) for each in self.subjects if hasattr(each, operation.name)
        )
        receipt: Receipt = application.once(act, lambda: decide(application, command, act))
        return receipt

    def ask(self, name: str, request: Any, by: Caller = COORDINATOR) -> Any:
        operation = next(each for each in self.operations if each.name == name)
        subjects = vars(self.composition.queries).values()
        answer = next(getattr(each, name) for each in subjects if hasattr(each, name))
        return answer(request, self._act(operation, by))

    def project(self) -> None:
        while True:
            reached = self.projector.advance(self.followed.history, self.position)
            if reached == self.position:
                return
            self.position = reached

    @staticmethod
    def _act(
        operation: Operation[Any, Any],
        by: Caller,
        seen: int | None = None,
        key: UUID | None = None,
        digest: str | None = None,
    ) -> Act:
        """A call of an operation, as the service would make it out."""
        return Act(
            caller=by,
            provenance=Provenance(
                actor=by.subject,
                role=min(by.roles),
                partner=by.partner,
                command=str(operation),
                command_id=key or uuid4(),
                digest=digest,
                correlation_id=uuid4(),
            ),
            expected_version=seen,
        )
