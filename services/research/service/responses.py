"""The calls on responses that were given."""

from services.research.application import responses
from services.research.bootstrap import Composition
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import responses as commands
from shared.contracts.research.operations import responses as ops
from shared.contracts.research.views import ById
from shared.contracts.research.views import responses as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Responses:
    research: Composition

    @operation(ops.EDIT_RESPONSE)
    def edit_response(self, request: commands.EditResponse, context: CallContext) -> Receipt:
        return self.research.command(responses.edit_response, request, context)

    @operation(ops.REVIEW_RESPONSES)
    def review_responses(self, request: commands.ReviewResponses, context: CallContext) -> Receipt:
        return self.research.command(responses.review_responses, request, context)

    @operation(ops.IMPORT_RESPONSES)
    def import_responses(
        self, request: commands.ImportResponses, context: CallContext
    ) -> JobStarted:
        return self.research.query(
            self.research.response_imports.import_responses, request, context
        )

    @operation(ops.GET_RESPONSE_IMPORT)
    def get_response_import(self, request: ById, context: CallContext) -> views.ResponseImport:
        return self.research.query(
            self.research.response_imports.get_response_import, request, context
        )

    @operation(ops.LIST_RESPONSES)
    def list_responses(
        self, request: views.ListResponses, context: CallContext
    ) -> views.ResponsePage:
        listed = self.research.queries.responses.list_responses
        return self.research.query(listed, request, context)

    @operation(ops.GET_RESPONSE)
    def get_response(self, request: ById, context: CallContext) -> views.Response:
        return self.research.query(self.research.reading_responses.get_response, request, context)
