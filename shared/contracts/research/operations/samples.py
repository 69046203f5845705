"""Calls on samples."""

from shared.contracts.operations import Receipt
from shared.contracts.research.commands import samples as commands
from shared.contracts.research.operations.making import READERS, RESEARCHING, command, query
from shared.contracts.research.views import ById
from shared.contracts.research.views import samples as views

PREVIEW_FRAME = query("preview_frame", views.PreviewFrame, views.FramePreview, RESEARCHING)
DRAW_SAMPLE = command("draw_sample", commands.DrawSample, RESEARCHING)
DRAW_FROM_LIST = query("draw_from_list", commands.DrawFromList, Receipt, RESEARCHING)
"""The draw it makes is the command; the list it comes from is another file each time it is sent."""
GET_SAMPLE = query("get_sample", ById, views.Sample, READERS)
