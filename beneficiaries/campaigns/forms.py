import hashlib

from django import forms
from django.db import transaction

from beneficiaries.campaigns.models import Campaign, CampaignResult
from welfare.states import Refused
from welfare.vietnamese import format_number

_WHOLE = {"required": False, "min_value": 0, "localize": True}
_FIELDS = {"members": 10**8, "contributors": 10**8, "amount": 10**13}
_LABELS = {"members": "đoàn viên", "contributors": "đoàn viên ủng hộ", "amount": "số tiền"}


class WholeField(forms.IntegerField):
    """A whole number in a small cell, typed and shown with dots."""

    default_error_messages = {
        "invalid": "Hãy nhập một số nguyên, ví dụ 1.200.",
        "min_value": "Không được âm.",
        "max_value": "Số quá lớn.",
    }

    def __init__(self, *, label, max_value, placeholder):
        look = {"class": "bn-input bn-cell", "inputmode": "numeric", "aria-label": label, "placeholder": placeholder}
        widget = forms.TextInput(attrs=look)
        super().__init__(label=label, max_value=max_value, widget=widget, **_WHOLE)

    def prepare_value(self, value):
        return format_number(value) if isinstance(value, int) else value


class ResultsForm(forms.Form):
    """A row of three numbers for every result the user may write, saved together or not at all."""

    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, campaign: Campaign, user, **kwargs):
        self.user = user
        rows = CampaignResult.objects.for_user(user).filter(campaign=campaign).with_members().with_received()
        self.results = list(rows.select_related("unit", "campaign").order_by("unit__path"))
        reach = user.reach_for("beneficiaries.change_campaignresult")
        runs_it = reach.may_write(campaign.unit_id)  # also for units below that have no account of their own
        self.writable = [result for result in self.results if runs_it or reach.may_write(result.unit_id)]
        super().__init__(*args, initial={"version": _version(self.writable), **_values(self.writable)}, **kwargs)
        for result in self.writable:
            for name, limit in _FIELDS.items():
                label = f"{result.unit.short_name}: {_LABELS[name]}"
                known = format_number(result.whole) if name == "members" and result.whole else ""
                self.fields[f"{name}_{result.pk}"] = WholeField(label=label, max_value=limit, placeholder=known)

    @property
    def rows(self):
        """(result, its bound fields or ()) for every unit."""
        own = {result.pk for result in self.writable}
        return [
            (result, [self[f"{name}_{result.pk}"] for name in _FIELDS] if result.pk in own else [])
            for result in self.results
        ]

    def clean(self):
        given = super().clean()
        for result in self.writable:
            members, contributors = (given.get(f"{name}_{result.pk}") for name in ("members", "contributors"))
            whole = result.whole if members is None and result.members is None else members
            if contributors is not None and contributors > (whole or 0):
                self.add_error(f"contributors_{result.pk}", _too_many(whole))
        return given

    def save(self) -> int:
        """Returns how many rows changed. Raises ``Refused`` when somebody else saved meanwhile; nothing is written then."""
        with transaction.atomic():
            locked = CampaignResult.objects.select_for_update().filter(pk__in=[r.pk for r in self.writable])
            now = list(locked.select_related("campaign").order_by("unit__path"))
            if _version(now) != self.cleaned_data["version"]:
                raise Refused("Người khác vừa lưu kết quả của đợt này; hãy mở lại trang để xem số mới rồi sửa tiếp.")
            return sum(self._save_row(result) for result in now)

    def _save_row(self, result) -> bool:
        given = {name: self.cleaned_data[f"{name}_{result.pk}"] for name in _FIELDS}
        given["amount"] = given["amount"] or 0
        if all(getattr(result, name) == value for name, value in given.items()):
            return False
        for name, value in given.items():
            setattr(result, name, value)
        result.by = self.user
        result.save()
        return True


def _too_many(whole) -> str:
    if not whole:
        return "Chưa có số đoàn viên của đơn vị; hãy nhập cột đoàn viên trước."
    return f"Đoàn viên ủng hộ không được nhiều hơn số đoàn viên ({format_number(whole)})."


def _values(results) -> dict:
    return {
        f"{name}_{result.pk}": getattr(result, name) or (None if name == "amount" else getattr(result, name))
        for result in results
        for name in _FIELDS
    }


def _version(results) -> str:
    """Changes with every saved number."""
    state = [(result.pk, *(getattr(result, name) for name in _FIELDS)) for result in results]
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]
