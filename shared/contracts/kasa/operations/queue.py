"""The call for what waits for the caller."""

from shared.contracts.kasa.operations.making import REVIEWING, query
from shared.contracts.kasa.views import queue as views
from shared.contracts.operations import NoRequest

MY_QUEUE = query("my_queue", NoRequest, views.Queue, REVIEWING)
