"""Entries of earlier years, opening balances and donors out of a workbook; an entry is posted like one typed by hand."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.widgets import Widget

from beneficiaries.funds.models import Donor, Fund, FundEntry
from welfare.imports import ScopedKeyWidget, ScopedResource
from welfare.states import Refused
from welfare.units.models import Unit
from welfare.vietnamese import clean, fold

Kind = FundEntry.Kind
_KINDS = (Kind.OPENING, Kind.ALLOCATION, Kind.CONTRIBUTION, Kind.SPEND)


class _Text(Widget):
    def clean(self, value, row=None, **kwargs):
        return clean(str(value if value is not None else ""))


class _Choice(Widget):
    """By its label, accents and case aside."""

    def __init__(self, choices):
        super().__init__()
        self.choices = {fold(str(choice.label)): choice.value for choice in choices}
        self.labels = {choice.value: choice.label for choice in choices}

    def clean(self, value, row=None, **kwargs):
        if found := self.choices.get(fold(str(value or ""))):
            return found
        raise ValueError(f"Phải là một trong: {', '.join(map(str, self.labels.values()))}.")

    def render(self, value, obj=None, **kwargs):
        return str(self.labels.get(value, value))


class _Money(Widget):
    def clean(self, value, row=None, **kwargs):
        digits = str(value if value is not None else "").replace(" ", "").removesuffix(".0").replace(".", "")
        if not (digits.isascii() and digits.isdecimal()) or not 0 < int(digits) < 10**13:
            raise ValueError("Số tiền phải là số nguyên dương, ví dụ 1.500.000.")
        return int(digits)


class _Day(Widget):
    def clean(self, value, row=None, **kwargs):
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value or "").strip(), "%d/%m/%Y").date()  # noqa: DTZ007
        except ValueError:
            raise ValueError("Ngày phải ghi theo ngày/tháng/năm, ví dụ 31/12/2025.") from None

    def render(self, value, obj=None, **kwargs):
        return f"{value:%d/%m/%Y}" if value else ""


class _OwnBooks(ScopedResource):
    """Columns find only what ``user`` sees; lines are written only where ``permission`` reaches."""

    permission = ""
    needed: tuple[str, ...] = ()

    def before_import(self, dataset, **kwargs):
        """Raises ``Refused`` for a workbook without the columns that every line needs."""
        if missing := [name for name in self.needed if name not in (dataset.headers or [])]:
            raise Refused(f"Tệp thiếu cột: {', '.join(missing)}. Dòng đầu phải là tên các cột.")

    def refuse_foreign(self, unit):
        if not self.user.reach_for(self.permission).may_write(unit.pk):
            raise ValidationError(f"Sổ này do {unit} giữ; chỉ đơn vị đó được nhập.")


class EntryResource(_OwnBooks):
    """Money is given without a sign. The same line again, by fund, kind, day, paper and sum, is refused."""

    permission = "beneficiaries.import_fundentry"
    needed = ("Mã quỹ", "Loại", "Số tiền", "Ngày", "Số chứng từ")
    fund = Field("fund", "Mã quỹ", ScopedKeyWidget(Fund, "code"))
    kind = Field("kind", "Loại", _Choice(_KINDS))
    amount = Field("amount", "Số tiền", _Money())
    on = Field("on", "Ngày", _Day())
    document_number = Field("document_number", "Số chứng từ", _Text())
    donor = Field("donor", "Nhà tài trợ", ScopedKeyWidget(Donor, "name"))
    note = Field("note", "Nội dung", _Text())

    class Meta(ScopedResource.Meta):
        model = FundEntry
        fields = ("fund", "kind", "amount", "on", "document_number", "donor", "note")
        import_id_fields = ()
        force_init_instance = True
        skip_unchanged = False

    def after_init_instance(self, instance, new, row, **kwargs):
        instance.by = self.user

    def import_instance(self, instance, row, **kwargs):
        super().import_instance(instance, row, **kwargs)
        if instance.kind == Kind.SPEND:
            instance.amount = -instance.amount

    def save_instance(self, instance, is_create, row, **kwargs):
        fund = instance.fund
        self.refuse_foreign(fund.unit)
        same = {name: getattr(instance, name) for name in ("kind", "amount", "on", "document_number", "note")}
        if not instance.document_number:
            raise ValidationError("Phải ghi số chứng từ.")
        if fund.entries.filter(**same, reversed_by__isnull=True).exists():
            raise ValidationError("Khoản này đã có trong sổ: cùng quỹ, loại, ngày, số chứng từ, số tiền, nội dung.")
        try:
            fund.post(same.pop("kind"), same.pop("amount"), by=self.user, donor=instance.donor, **same)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None


class DonorResource(_OwnBooks):
    """A donor of that name in the unit's register is brought up to date, another is added."""

    permission = "beneficiaries.import_donor"
    needed = ("Tên", "Là")
    unit = Field("unit", "Mã đơn vị", ScopedKeyWidget(Unit, "code"))
    name = Field("name", "Tên", _Text())
    kind = Field("kind", "Là", _Choice(Donor.Kind))
    representative = Field("representative", "Người đại diện, chức vụ", _Text())
    phone = Field("phone", "Điện thoại", _Text())
    address = Field("address", "Địa chỉ", _Text())

    class Meta(ScopedResource.Meta):
        model = Donor
        fields = ("unit", "name", "kind", "representative", "phone", "address")
        import_id_fields = ("unit", "name")

    def before_import(self, dataset, **kwargs):
        """A list without units is the importer's own."""
        super().before_import(dataset, **kwargs)
        if "Mã đơn vị" not in dataset.headers:
            dataset.append_col([""] * len(dataset), header="Mã đơn vị")

    def before_import_row(self, row, **kwargs):
        row["Mã đơn vị"] = row["Mã đơn vị"] or self.user.unit.code

    def save_instance(self, instance, is_create, row, **kwargs):
        self.refuse_foreign(instance.unit)
        super().save_instance(instance, is_create, row, **kwargs)
