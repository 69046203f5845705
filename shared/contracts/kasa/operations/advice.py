"""Calls on cases of advice."""

from shared.contracts.kasa.commands import advice as commands
from shared.contracts.kasa.operations.making import ADVISING, READERS, command, query
from shared.contracts.kasa.views import advice as views

OPEN_ADVICE_CASE = command("open_advice_case", commands.OpenAdviceCase, ADVISING)
HOLD_CONSULTATION = command("hold_consultation", commands.HoldConsultation, ADVISING)
MEET_CHECKLIST_ITEM = command("meet_checklist_item", commands.MeetChecklistItem, ADVISING)
CLOSE_ADVICE_CASE = command("close_advice_case", commands.CloseAdviceCase, ADVISING)

LIST_ADVICE_CASES = query("list_advice_cases", views.ListAdviceCases, views.AdviceCasePage, READERS)
GET_ADVICE_CASE = query("get_advice_case", views.GetAdviceCase, views.AdviceCase, READERS)
