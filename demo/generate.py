"""Make the partnership's files: `python -m demo.generate`."""

from pathlib import Path

from demo.files import csv_bytes, xlsx_bytes
from demo.mistakes import rows_of
from demo.people import people

FOLDER = Path(__file__).parent


def main() -> None:
    rows, _ = rows_of(people())
    (FOLDER / "participants.csv").write_bytes(csv_bytes(rows))
    (FOLDER / "participants.xlsx").write_bytes(xlsx_bytes(rows))


if __name__ == "__main__":
    main()
