"""Calls on instruments."""

from shared.contracts.jobs import JobStarted
from shared.contracts.research.commands import instruments as commands
from shared.contracts.research.operations.making import READERS, RESEARCHING, command, query
from shared.contracts.research.views import ById
from shared.contracts.research.views import instruments as views

CREATE_INSTRUMENT = command("create_instrument", commands.CreateInstrument, RESEARCHING)
PUBLISH_INSTRUMENT_VERSION = query(
    "publish_instrument_version",
    commands.PublishInstrumentVersion,
    JobStarted,
    RESEARCHING,
)
"""Starts a job; the version it publishes is the command."""
GET_INSTRUMENT_PUBLICATION = query(
    "get_instrument_publication", ById, views.InstrumentPublication, RESEARCHING
)
LIST_INSTRUMENTS = query("list_instruments", views.ListInstruments, views.InstrumentPage, READERS)
GET_INSTRUMENT = query("get_instrument", ById, views.Instrument, READERS)
FETCH_XLSFORM = query("fetch_xlsform", views.FetchForm, views.FormFile, READERS)
FETCH_FORM_DEFINITION = query("fetch_form_definition", views.FetchForm, views.FormFile, READERS)
