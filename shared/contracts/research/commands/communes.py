"""Commands on facts of communes."""

from shared.contracts.model import Published


class ImportFacts(Published):
    """A table of facts, CSV or XLSX: a claim check, never the file itself. A dry run records nothing."""

    file_id: str
    filename: str
    dry_run: bool
