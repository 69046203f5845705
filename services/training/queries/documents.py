"""Attendance lists as files: to be signed by hand, and to be filled in as a table."""

from services.training.formats.attendance import attendance_csv
from services.training.formats.sign_in_list import sign_in_list_pdf
from services.training.queries.attendance import Attendance
from services.training.queries.printing import CSV, PDF, Printing
from services.training.queries.reading import Reading
from shared.contracts.training import commands, views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.views import Document


class Documents:
    def __init__(self, reading: Reading, printing: Printing, attendance: Attendance) -> None:
        self._rules = reading.rules
        self._printing = printing
        self._attendance = attendance

    def render_sign_in_list(self, request: commands.RenderSignInList, act: Act) -> views.Document:
        sheet = self._attendance.get_session(views.ById(id=request.session_id), act)
        document = sign_in_list_pdf(sheet, request.names, self._rules.project.on(sheet.session.day))
        return self._printing.keep(document, f"lista-{_name(sheet)}.pdf", PDF)

    def export_attendance(self, request: commands.ExportAttendance, act: Act) -> views.Document:
        """Whatever of it the caller may see. Refused as `not_found` when that is nothing."""
        sheets = self._attendance.sheets(_wanted(request), act)
        if not sheets:
            raise Rejected("not_found")
        named = [
            sheet.model_copy(
                update={
                    "marks": tuple(
                        mark.model_copy(
                            update={"participant_name": request.names.get(mark.participant_id)}
                        )
                        for mark in sheet.marks
                    )
                }
            )
            for sheet in sheets
        ]
        return self._printing.keep(attendance_csv(named), f"obecnosc-{_name(sheets[0])}.csv", CSV)


def _wanted(request: commands.ExportAttendance) -> Document:
    if request.edition_id is not None:
        return {"edition_id": str(request.edition_id)}
    return {"_id": {"$in": [str(each) for each in request.session_ids]}}


def _name(sheet: views.SessionSheet) -> str:
    return f"{sheet.edition_code.replace('/', '-')}-{sheet.session.day.isoformat()}"
