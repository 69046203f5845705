"""The calls on samples."""

from functools import partial

from services.research.application import samples
from services.research.bootstrap import Composition
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import samples as commands
from shared.contracts.research.operations import samples as ops
from shared.contracts.research.views import ById
from shared.contracts.research.views import samples as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Samples:
    research: Composition

    @operation(ops.PREVIEW_FRAME)
    def preview_frame(
        self, request: views.PreviewFrame, context: CallContext
    ) -> views.FramePreview:
        preview = partial(samples.preview_frame, self.research.application)
        return self.research.query(preview, request, context)

    @operation(ops.DRAW_SAMPLE)
    def draw_sample(self, request: commands.DrawSample, context: CallContext) -> Receipt:
        return self.research.command(samples.draw_sample, request, context)

    @operation(ops.DRAW_FROM_LIST)
    def draw_from_list(self, request: commands.DrawFromList, context: CallContext) -> Receipt:
        draw = partial(samples.draw_from_list, self.research.application)
        return self.research.query(draw, request, context)

    @operation(ops.GET_SAMPLE)
    def get_sample(self, request: ById, context: CallContext) -> views.Sample:
        return self.research.query(self.research.queries.samples.get_sample, request, context)
