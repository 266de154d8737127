"""Houses of earlier years, taken in at their last stage."""

from django import forms
from django.core.exceptions import ValidationError

from beneficiaries.funds.models import Fund
from beneficiaries.houses.forms import MOST_MONEY
from beneficiaries.houses.kinds import HouseKind
from beneficiaries.houses.models import House
from beneficiaries.houses.norms import Construction
from beneficiaries.past import PastResource, RecipientLine, past_resource
from programs.activities.fields import WholeNumberField
from welfare.vietnamese import fold

_SOURCES = ("fund", "enterprise", "family", "other")


def _money(label):
    return WholeNumberField(label=label, max_value=MOST_MONEY, required=False)


class HouseLine(RecipientLine):
    permission = "beneficiaries.import_house"

    kind = forms.CharField(label="Loại nhà", error_messages={"required": "Phải ghi loại nhà."})
    construction = forms.CharField(label="Hình thức", error_messages={"required": "Phải ghi xây mới hay sửa chữa."})
    address = forms.CharField(label="Địa chỉ", max_length=300, required=False)
    fund = _money("Quỹ công đoàn")
    fund_code = forms.CharField(label="Mã quỹ", required=False)
    enterprise = _money("Doanh nghiệp, nhà tài trợ")
    family = _money("Gia đình")
    other = _money("Nguồn khác")
    decision_number = forms.CharField(label="Số quyết định", max_length=60)
    decided_on = forms.DateField(label="Ngày quyết định")
    started_on = forms.DateField(label="Ngày khởi công", required=False)
    completed_on = forms.DateField(label="Ngày nghiệm thu", required=False)
    handed_over_on = forms.DateField(label="Ngày bàn giao")
    settled_on = forms.DateField(label="Ngày quyết toán", required=False)

    def clean_kind(self):
        text = self.cleaned_data["kind"]
        kinds = [kind for kind in HouseKind.objects.filter(is_duty=False) if fold(kind.name) == fold(text)]
        if not kinds:
            raise ValidationError(f"Không có loại nhà “{text}”.")
        return kinds[0]

    def clean_construction(self):
        text = self.cleaned_data["construction"]
        found = [value for value, label in Construction.choices if fold(label) == fold(text)]
        if not found:
            raise ValidationError(f"Hình thức “{text}” không có; hãy ghi Xây mới hoặc Sửa chữa.")
        return found[0]

    def clean_fund_code(self):
        code = self.cleaned_data["fund_code"].strip()
        fund = Fund.objects.for_user(self.user).filter(code__iexact=code).first() if code else None
        if code and fund is None:
            raise ValidationError(f"Không có quỹ mã “{code}”.")
        return fund


class PastHouses(PastResource):
    line = HouseLine

    def fill(self, row, given):
        for name in ("unit", "person", "kind", "construction", "address"):
            setattr(row, name, given[name])
        row.household, row.address = given["person"].household, given["address"] or given["person"].address
        row.cost = sum(given[source] for source in _SOURCES)
        row.year, row.proposed_on, row.proposed_by = given["handed_over_on"].year, given["decided_on"], self.user

    def finish(self, row, given):
        for source in _SOURCES:
            if given[source]:
                fund = given["fund_code"] if source == "fund" else None
                row.funding.create(source=source, amount=given[source], fund=fund)
        names = ("decision_number", "decided_on", "started_on", "completed_on", "handed_over_on", "settled_on")
        row.record_past(self.user, **{name: given[name] for name in names})

    def is_there(self, row):
        same = {"person": row.person, "handed_over_on": row.given["handed_over_on"]}
        return House.objects.for_user(self.user).standing().filter(**same).exists()


HOUSES = past_resource(PastHouses, House)
