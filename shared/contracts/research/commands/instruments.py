"""Commands on instruments."""

from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.forms import InstrumentCode
from shared.contracts.vocabulary import ShortText


class CreateInstrument(Published):
    """A questionnaire without versions yet; its code is used once."""

    code: InstrumentCode
    title: ShortText


class PublishInstrumentVersion(Published):
    """Publish the form in a file, an XLSForm workbook (.xlsx) or a definition in JSON: a claim check,
    never the file itself. A dry run says what is wrong and publishes nothing.
    """

    instrument_id: UUID
    file_id: str
    filename: str
    dry_run: bool
