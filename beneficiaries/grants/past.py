"""Grants of earlier years, paid before there was this ledger: loaded at their last stage, taking nothing from a fund."""

from datetime import date

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.widgets import CharWidget, DateWidget, IntegerWidget

from beneficiaries.grants.models import Grant, GrantRound
from beneficiaries.people.models import Person
from beneficiaries.rules import need
from programs.targets.models import mark_stale
from welfare.crypto import keyed_hashes
from welfare.imports import ScopedResource
from welfare.units.models import Unit, today
from welfare.vietnamese import fold

_ROUND, _UNIT, _NAME, _BORN, _ID = "mã đợt", "mã đơn vị", "họ và tên", "năm sinh", "số CCCD"


class _Day(DateWidget):
    def clean(self, value, row=None, **options):
        if isinstance(value, date):
            return value
        try:
            return super().clean(value, row, **options)
        except ValueError:
            raise ValueError(f"Ngày “{value}” không đúng; hãy ghi theo dạng 31/12/2024.") from None


class _Whole(IntegerWidget):
    def clean(self, value, row=None, **options):
        text = str(value or 0).strip().replace(".", "")
        if not text.removesuffix("đ").strip().isdecimal():
            raise ValueError(f"Số “{value}” không đúng; hãy ghi số nguyên không âm.")
        return int(text.removesuffix("đ").strip())


class PastGrants(ScopedResource):
    """One line a grant: of a person known in the unit, or without a name a number of gifts."""

    round_code = Field("round__code", _ROUND, readonly=True)
    unit_code = Field("unit__code", _UNIT, readonly=True)
    full_name = Field("person__full_name", _NAME, readonly=True)
    birth_year = Field("person__birth_year", _BORN, readonly=True)
    number = Field(None, _ID, readonly=True)
    people_count = Field("people_count", "số suất", widget=_Whole())
    cash = Field("cash", "tiền mặt (đồng)", widget=_Whole())
    in_kind_value = Field("in_kind_value", "giá trị hiện vật (đồng)", widget=_Whole())
    in_kind = Field("in_kind", "hiện vật", widget=CharWidget())
    reason = Field("reason", "lý do", widget=CharWidget())
    outside_source = Field("outside_source", "nguồn ngoài sổ quỹ", widget=CharWidget())
    decision_number = Field("decision_number", "số quyết định", widget=CharWidget())
    paid_on = Field("paid_on", "ngày chi", widget=_Day(format="%d/%m/%Y"))

    class Meta(ScopedResource.Meta):
        model = Grant
        import_id_fields = ()
        fields = (
            "round_code", "unit_code", "full_name", "birth_year", "number", "people_count", "cash", "in_kind_value", "in_kind", "reason", "outside_source", "decision_number", "paid_on",
        )  # fmt: skip

    def before_import(self, dataset, **kwargs):
        need(self.user, "import_grant", "ghi nhận lại khoản hỗ trợ")
        missing = [name for name in (_ROUND, _UNIT, "ngày chi") if name not in (dataset.headers or [])]
        if missing:
            raise ValueError(f"Tệp thiếu cột: {', '.join(missing)}.")

    def before_import_row(self, row, **kwargs):
        row["số suất"] = row.get("số suất") or 1

    def init_instance(self, row=None):
        return Grant(proposed_by=self.user, state=Grant.State.PAID, is_recorded_afterwards=True)

    def before_save_instance(self, instance, row, **kwargs):
        instance.proposed_on = instance.paid_on

    def import_instance(self, instance, row, **kwargs):
        super().import_instance(instance, row, **kwargs)
        instance.round = _found(GrantRound, "đợt hỗ trợ", row.get(_ROUND), self.user)
        instance.unit = _found(Unit, "đơn vị", row.get(_UNIT), self.user)
        instance.person = _person(instance.unit, row, self.user)
        if not instance.paid_on or instance.paid_on.year >= today().year:
            raise ValidationError(
                "Chỉ ghi nhận lại khoản đã chi từ năm trước trở về trước; ngày chi phải thuộc năm trước."
            )
        if not instance.unit.path.startswith(instance.round.unit.path):
            raise ValidationError(f"Đợt “{instance.round}” không áp dụng cho {instance.unit}.")
        if instance.person is None and _is_there(instance):
            raise ValidationError("Dòng này đã được ghi nhận trước đó.")

    def after_save_instance(self, instance, row, **kwargs):
        if not kwargs.get("dry_run"):
            mark_stale("grants", instance.unit_id, instance.paid_on)


def _is_there(grant) -> bool:
    """The same gifts without names; a person is in a round once by the database's own rule."""
    same = ("round", "unit", "paid_on", "people_count", "cash", "in_kind_value", "decision_number")
    named = {name: getattr(grant, name) for name in same}
    return Grant.objects.filter(**named, person=None, is_recorded_afterwards=True).exists()


def _found(model, what, code, user):
    row = model.objects.for_user(user).filter(code=str(code or "").strip()).first()
    if row is None:
        raise ValidationError(f"Không có {what} mã “{code or ''}”.")
    return row


def _person(unit, row, user) -> Person | None:
    """By ID number, or by name and year of birth; None where no name is given. Raises ``ValidationError`` when nobody is meant."""
    name, number = str(row.get(_NAME) or "").strip(), str(row.get(_ID) or "").strip()
    if not (name or number):
        return None
    people = Person.objects.for_user(user).filter(unit=unit)
    if number:
        found = people.filter(id_hash__in=keyed_hashes(number))
    else:
        found = people.filter(folded_name=fold(name))
        found = found.filter(birth_year=int(row[_BORN])) if str(row.get(_BORN) or "").isdecimal() else found
    if (meant := list(found[:2])) and len(meant) == 1:
        return meant[0]
    raise ValidationError(
        f"{'Có nhiều người' if meant else 'Chưa có hồ sơ của'} “{name or 'người mang số này'}” ở {unit}; "
        "hãy tải danh sách người lên trước hoặc ghi thêm năm sinh, số CCCD."
    )
