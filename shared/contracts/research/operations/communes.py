"""Calls on facts of communes, indicators and needs."""

from shared.contracts.jobs import JobStarted
from shared.contracts.research.commands import communes as commands
from shared.contracts.research.operations.making import READERS, RESEARCHING, query
from shared.contracts.research.views import ById
from shared.contracts.research.views import communes as views

IMPORT_FACTS = query("import_facts", commands.ImportFacts, JobStarted, RESEARCHING)
"""Starts a job; what it records is the command."""
GET_FACTS_IMPORT = query("get_facts_import", ById, views.FactsImport, RESEARCHING)
LIST_COMMUNE_FACTS = query(
    "list_commune_facts", views.ListCommuneFacts, views.CommuneFactsPage, READERS
)
GET_COMMUNE_INDICATORS = query("get_commune_indicators", views.AskNeeds, views.Indicators, READERS)
GET_COMMUNE_NEEDS = query("get_commune_needs", views.AskNeeds, views.Needs, READERS)
