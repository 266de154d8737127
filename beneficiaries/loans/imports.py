"""Loans that were running before this system, taken in at their present state."""

from django import forms
from django.core.exceptions import ValidationError

from beneficiaries.loans.forms import MOST_MONEY
from beneficiaries.loans.instalments import Way
from beneficiaries.loans.models import Loan
from beneficiaries.loans.projects import REFERRED, LoanProject, LoanSource
from beneficiaries.past import PastResource, RecipientLine, past_resource
from programs.activities.fields import WholeNumberField
from programs.targets.fields import NumberField
from welfare.units.models import today
from welfare.vietnamese import fold


def _choice(text: str, choices, what: str) -> str:
    found = next((value for value, label in choices if fold(text) in (fold(label), value)), None)
    if found is None:
        known = "; ".join(label for _, label in choices)
        raise ValidationError(f"{what} “{text}” không có; hãy ghi một trong: {known}.")
    return found


class LoanLine(RecipientLine):
    permission = "beneficiaries.import_loan"

    project = forms.CharField(label="Dự án", required=False)
    source = forms.CharField(label="Nguồn vốn", required=False)
    purpose = forms.CharField(label="Mục đích", max_length=200, error_messages={"required": "Phải ghi mục đích vay."})
    amount = WholeNumberField(label="Số tiền", max_value=MOST_MONEY)
    term_months = forms.IntegerField(label="Thời hạn (tháng)", min_value=1, max_value=600)
    rate = NumberField(label="Lãi suất (%/năm)", min_value=0, max_value=100, required=False)
    schedule = forms.CharField(label="Cách trả nợ", required=False)
    approved_on = forms.DateField(label="Ngày duyệt", required=False)
    disbursed_on = forms.DateField(label="Ngày giải ngân")
    repaid = WholeNumberField(label="Gốc đã trả", max_value=MOST_MONEY, required=False)
    closed_on = forms.DateField(label="Ngày tất toán", required=False)

    def clean_project(self):
        name = self.cleaned_data["project"].strip()
        if not name:
            return None
        project = LoanProject.objects.for_user(self.user).filter(name__iexact=name).first()
        if project is None:
            raise ValidationError(f"Không có dự án vay vốn “{name}”.")
        return project

    def clean_source(self):
        """A project brings its own."""
        text = self.cleaned_data["source"].strip()
        project = self.cleaned_data.get("project")
        if project or not text:
            return project.source if project else ""
        return _choice(text, [each for each in LoanSource.choices if each[0] not in REFERRED], "Nguồn vốn")

    def clean_disbursed_on(self):
        on = self.cleaned_data["disbursed_on"]
        if on > today():
            raise ValidationError(f"Ngày giải ngân {on:%d/%m/%Y} chưa tới.")
        return on

    def clean_schedule(self):
        text = self.cleaned_data["schedule"].strip()
        ways = [each for each in Way.choices if each[0] != Way.OWN]
        return _choice(text, ways, "Cách trả nợ") if text else Way.END


class PastLoans(PastResource):
    line = LoanLine

    def fill(self, row, given):
        for name in ("unit", "person", "project", "source", "purpose", "amount", "term_months", "schedule"):
            setattr(row, name, given[name])
        row.household, row.rate, row.proposed_by = given["person"].household, given["rate"] or 0, self.user
        row.proposed_on = given["approved_on"] or given["disbursed_on"]
        row.is_recorded_afterwards = True

    def finish(self, row, given):
        row.record_existing(
            self.user, disbursed_on=given["disbursed_on"], repaid=given["repaid"], approved_on=given["approved_on"],
            closed_on=given["closed_on"],
        )  # fmt: skip

    def is_there(self, row):
        same = {"person": row.person, "amount": row.amount, "disbursed_on": row.given["disbursed_on"]}
        return Loan.objects.for_user(self.user).filter(**same).exists()


LOANS = past_resource(PastLoans, Loan)
