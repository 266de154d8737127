from django import forms

from beneficiaries.intake.forms import ACCEPTED
from events.delegates.nominating import Nominee
from welfare.units.models import today
from welfare.verbs import VerbForm


class NameForm(VerbForm):
    """Somebody who is not in the ledger; its ``row`` is the place."""

    full_name = forms.CharField(label="Họ và tên", max_length=120)
    birth = forms.CharField(
        label="Ngày sinh hoặc năm sinh", max_length=10, required=False, help_text="Ví dụ 05/03/1985 hoặc 1985."
    )
    title = forms.CharField(label="Chức vụ, công việc", max_length=160, required=False)
    workplace = forms.CharField(label="Nơi làm việc", max_length=200, required=False)
    phone = forms.CharField(label="Điện thoại", max_length=15, required=False)
    companion = forms.CharField(label="Người đi cùng", max_length=120, required=False)

    def clean_birth(self):
        """(date or None, year or None)."""
        typed = self.cleaned_data["birth"].strip()
        if not typed:
            return None, None
        if typed.isdecimal() and len(typed) == 4:
            day, year = None, int(typed)
        else:
            day = forms.DateField(error_messages={"invalid": "Hãy ghi ngày sinh như 05/03/1985, hoặc năm sinh."}).clean(
                typed
            )
            year = day.year
        if not 1900 <= year <= today().year or (day and day > today()):
            raise forms.ValidationError(f"Năm sinh phải từ 1900 đến {today().year}.")
        return day, year

    def nominee(self) -> Nominee:
        given = self.cleaned_data
        day, year = given["birth"]
        extra = {name: given[name].strip() for name in ("title", "workplace", "phone", "companion")}
        return Nominee(None, given["full_name"], day, year, extra)


class ReasonedNameForm(NameForm):
    reason = forms.CharField(label="Lý do thay", max_length=300)


class PickForm(VerbForm):
    """Beside somebody picked in the ledger; its ``row`` is the delegate who steps back."""

    prefix = "pick"

    companion = forms.CharField(label="Người đi cùng", max_length=120, required=False)
    reason = forms.CharField(label="Lý do thay", max_length=300)


class ListForm(VerbForm):
    """A file of delegates; its ``row`` is the list of shares of the unit."""

    file = forms.FileField(
        label="Tệp danh sách", allow_empty_file=True, max_length=300,
        widget=forms.FileInput(attrs={"accept": ACCEPTED, "class": "in-file"}),
        error_messages={"required": "Chưa chọn tệp; hãy chọn tệp danh sách."},
    )  # fmt: skip
    share = forms.ChoiceField(label="Thành phần", required=False)

    def narrow(self):
        by_column = [("", "Theo cột “Thành phần” trong tệp")] if len(self.row) != 1 else []
        self.fields["share"].choices = by_column + [(str(s.pk), f"{s.line.name} ({s.count})") for s in self.row]
