"""The call for what waits for the caller."""

from services.kasa.bootstrap import Composition
from shared.contracts.kasa.operations import queue as ops
from shared.contracts.kasa.views import queue as views
from shared.contracts.operations import NoRequest
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Queue:
    kasa: Composition

    @operation(ops.MY_QUEUE)
    def my_queue(self, request: NoRequest, context: CallContext) -> views.Queue:
        return self.kasa.query(self.kasa.queries.queue.my_queue, request, context)
