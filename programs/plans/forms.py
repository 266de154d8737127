"""What the verbs of a plan ask for."""

from django import forms

from programs.plans.models import Plan
from welfare.documents.registers import NumberRegister
from welfare.units.models import today
from welfare.verbs import VerbForm


class IssueForm(VerbForm):
    """Proposes the next number of the register the plan's kind is numbered in."""

    number = forms.CharField(label="Số", max_length=20)
    on = forms.DateField(label="Ngày ban hành", required=False, help_text="Để trống là hôm nay.")
    in_force_on = forms.DateField(
        label="Có hiệu lực từ ngày", required=False, help_text="Để trống là từ ngày ban hành."
    )

    def narrow(self):
        day = self.row.issued_on or today()
        register = NumberRegister.objects.find(self.row.unit_id, self.row.kind, day)
        numbers = register.numbers_of(day) if register else f"{self.row.kind} năm {day.year}"
        proposed = register.next_number(day) if register else "01"
        self.fields["number"].initial = self.row.number or proposed
        self.fields["number"].help_text = f"Số tiếp theo trong sổ {numbers} là {proposed}."
        self.fields["on"].initial = self.row.issued_on


class NewVersionForm(VerbForm):
    with_shares = forms.BooleanField(label="Giữ phần đã giao cho các đơn vị", required=False, initial=True)


class CopyForm(VerbForm):
    year = forms.IntegerField(label="Cho năm", min_value=2000, max_value=2100)
    with_shares = forms.BooleanField(
        label="Sao chép cả phần giao cho các đơn vị", required=False, help_text="Không chọn thì giao lại từ đầu."
    )

    def narrow(self):
        self.fields["year"].initial = (self.row.last_year or self.row.first_year) + 1


def opening_words(unit, above: Plan | None = None) -> dict:
    """What a new plan of a unit begins with: its letterhead's words, and what it says of the plan ``above`` it."""
    head = unit.letterhead()
    issuer = Plan._meta.get_field("issuing_body").default if unit.is_root() else f"Ban Thường vụ {unit.name}"
    words = {"issuing_body": issuer, "place": head.place if head else ""}
    if above:
        words |= {"title": f"Triển khai {above}"[:400], "first_year": above.first_year, "kind": above.kind_id}
        words["symbol"] = f"{above.kind.abbreviation}-{head.abbreviation if head else 'CĐ'}"
    return words
