"""The calls on instruments."""

from functools import partial

from services.research.application import instruments
from services.research.bootstrap import Composition
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import instruments as commands
from shared.contracts.research.operations import instruments as ops
from shared.contracts.research.views import ById
from shared.contracts.research.views import instruments as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Instruments:
    research: Composition

    @operation(ops.CREATE_INSTRUMENT)
    def create_instrument(
        self, request: commands.CreateInstrument, context: CallContext
    ) -> Receipt:
        return self.research.command(instruments.create_instrument, request, context)

    @operation(ops.PUBLISH_INSTRUMENT_VERSION)
    def publish_instrument_version(
        self, request: commands.PublishInstrumentVersion, context: CallContext
    ) -> JobStarted:
        start = self.research.publications.publish_instrument_version
        return self.research.query(start, request, context)

    @operation(ops.GET_INSTRUMENT_PUBLICATION)
    def get_instrument_publication(
        self, request: ById, context: CallContext
    ) -> views.InstrumentPublication:
        look = self.research.publications.get_instrument_publication
        return self.research.query(look, request, context)

    @operation(ops.LIST_INSTRUMENTS)
    def list_instruments(
        self, request: views.ListInstruments, context: CallContext
    ) -> views.InstrumentPage:
        listed = self.research.queries.instruments.list_instruments
        return self.research.query(listed, request, context)

    @operation(ops.GET_INSTRUMENT)
    def get_instrument(self, request: ById, context: CallContext) -> views.Instrument:
        return self.research.query(
            self.research.queries.instruments.get_instrument, request, context
        )

    @operation(ops.FETCH_XLSFORM)
    def fetch_xlsform(self, request: views.FetchForm, context: CallContext) -> views.FormFile:
        fetch = partial(instruments.fetch_xlsform, self.research.application)
        return self.research.query(fetch, request, context)

    @operation(ops.FETCH_FORM_DEFINITION)
    def fetch_form_definition(
        self, request: views.FetchForm, context: CallContext
    ) -> views.FormFile:
        fetch = partial(instruments.fetch_form_definition, self.research.application)
        return self.research.query(fetch, request, context)
