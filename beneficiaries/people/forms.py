from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from beneficiaries.intake.cells import ERROR, read_phone
from beneficiaries.intake.identity import birth_year_of, gender_of, read_national_id
from beneficiaries.people.identities import holder_in_unit
from beneficiaries.people.models import Consent, Person, SavedFilter
from welfare.crypto import keyed_hashes
from welfare.units.models import Unit, today
from welfare.uploads import FilesField
from welfare.verbs import ReasonForm, VerbForm
from welfare.vietnamese import fold

KEPT = "Để trống nếu không đổi."


class PersonForm(forms.ModelForm):
    """ID and account numbers never go out to the browser; what is typed in replaces them.

    The admin sets ``user`` and ``home_unit`` on the class it makes for a request.
    """

    user = home_unit = None
    new_id = forms.CharField(label="Số CCCD/CMND", max_length=30, required=False)
    new_account = forms.CharField(label="Số tài khoản", max_length=40, required=False)

    class Meta:
        model = Person
        fields = [
            "unit", "full_name", "birth_date", "birth_year", "gender", "ethnicity", "phone", "address",
            "lives_in_boarding", "workplace", "workplace_unit", "employment", "is_member", "member_since", "household",
            "household_role", "relative_of", "relation", "bank_name",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, masked in (("new_id", self.instance.masked_id), ("new_account", self.instance.masked_account)):
            if not self.user.has_perm("beneficiaries.view_identity"):
                self.fields.pop(name, None)
            elif name in self.fields:
                self.fields[name].widget = UnfoldAdminTextInputWidget({"placeholder": masked, "autocomplete": "off"})
                self.fields[name].help_text = KEPT if masked else ""

    def clean_new_id(self):
        typed = self.cleaned_data["new_id"].strip()
        if not typed or "*" in typed:
            return ""
        value, problem = read_national_id(typed, today=today())
        if problem and (value is None or problem[0] == ERROR):
            raise forms.ValidationError(problem[1])
        return value or ""

    def clean_new_account(self):
        typed = "".join(self.cleaned_data["new_account"].split())
        if "*" in typed:
            return ""
        if typed and not (typed.isalnum() and typed.isascii() and len(typed) >= 6):
            raise forms.ValidationError("Số tài khoản chỉ gồm chữ và số, ít nhất 6 ký tự.")
        return typed

    def clean(self):
        super().clean()
        if new_id := self.cleaned_data.get("new_id"):
            self._check_new_in_unit(new_id)
            self.instance.national_id = new_id
        if account := self.cleaned_data.get("new_account"):
            self.instance.bank_account = account
        return self.cleaned_data

    def clean_phone(self):
        """As lists bring it, digits alone: by these it is searched."""
        typed = self.cleaned_data["phone"].strip()
        if not typed or typed == self.instance.phone:
            return typed
        number, problem = read_phone(typed)
        if number is None:
            raise forms.ValidationError(problem[1] if problem else "Số điện thoại không đúng; hãy ghi đủ 10 số.")
        return number

    def clean_household(self):
        """A household may have stayed behind when its unit was closed; a new one is of the person's own unit."""
        household = self.cleaned_data["household"]
        unit_id = self.instance.unit_id or getattr(self.cleaned_data.get("unit", self.home_unit), "pk", None)
        if household and household.pk != self.instance.household_id and household.unit_id != unit_id:
            raise forms.ValidationError(f"{household} thuộc đơn vị khác; hãy chọn hộ của đơn vị này.")
        return household

    def clean_relative_of(self):
        relative = self.cleaned_data["relative_of"]
        if relative and relative.pk == self.instance.pk:
            raise forms.ValidationError("Không ai là người thân của chính mình; hãy chọn người khác.")
        return relative

    def _check_new_in_unit(self, new_id):
        unit_id = self.instance.unit_id or getattr(self.cleaned_data.get("unit", self.home_unit), "pk", None)
        if known := holder_in_unit(unit_id, keyed_hashes(new_id), but=self.instance.pk):
            self.add_error(
                "new_id", f"Đơn vị đã có {known.full_name} mang số CCCD/CMND này; hãy mở hồ sơ của người đó."
            )

    def contradiction(self) -> str:
        """A sentence where the full ID number disagrees with birth year or gender, else ""."""
        number, person = self.instance.national_id, self.instance
        if len(number) != 12:
            return ""
        if person.birth_year and birth_year_of(number) != person.birth_year:
            return f"Năm sinh {person.birth_year} không khớp với số CCCD; hãy đối chiếu với thẻ."
        if person.gender and gender_of(number) != person.gender:
            return "Giới tính không khớp với số CCCD; hãy đối chiếu với thẻ."
        return ""

    def cautions(self) -> list[str]:
        """What the number as typed should be checked for, though it is kept: an old CMND, one of another country."""
        typed = self.cleaned_data.get("new_id") or ""
        _, problem = read_national_id(typed, today=today()) if typed else (None, None)
        return [text for text in (problem[1] if problem else "", self.contradiction()) if text]


# Verbs of a person -------------------------------------------------------------------------------------


class DeathForm(VerbForm):
    on = forms.DateField(label="Ngày mất")
    reason = forms.CharField(label="Ghi chú", max_length=300, required=False)


class LeaveForm(ReasonForm):
    on = forms.DateField(label="Từ ngày", required=False, help_text="Để trống là hôm nay.")


class TransferForm(ReasonForm):
    """A unit names the other by its name or code; the list of all units is the province's."""

    to_unit = forms.CharField(
        label="Đơn vị nhận", max_length=200, help_text="Gõ đúng tên đơn vị, ví dụ: LĐLĐ huyện Ba Tri."
    )
    with_household = forms.BooleanField(label="Cả hộ cùng chuyển", required=False)
    on = forms.DateField(label="Từ ngày", required=False, help_text="Để trống là hôm nay.")
    field_order = ["to_unit", "with_household", "on", "reason"]

    def narrow(self):
        if self.user.reach.province:
            units = Unit.objects.in_force().exclude(pk=self.row.unit_id)
            self.fields["to_unit"] = forms.ModelChoiceField(label="Đơn vị nhận", queryset=units)
        if not self.row.household_id:
            self.fields.pop("with_household")

    def clean_to_unit(self):
        typed = self.cleaned_data["to_unit"]
        return typed if isinstance(typed, Unit) else _unit_named(typed)


def _unit_named(typed: str) -> Unit:
    names = Unit.objects.in_force().values_list("pk", "code", "name", "short_name")
    found = [pk for pk, *words in names if fold(typed) in map(fold, words)]
    if len(found) != 1:
        raise forms.ValidationError(
            f"Không có đơn vị nào đang hoạt động tên “{typed}”; hãy gõ đúng tên hoặc mã đơn vị."
            if not found
            else f"Có {len(found)} đơn vị tên “{typed}”; hãy gõ mã đơn vị."
        )
    return Unit.objects.get(pk=found[0])


# Small forms of the person's page ----------------------------------------------------------------------


class EvidenceField(FilesField):
    def __init__(self, **options):
        super().__init__(
            label="Tệp quét, ảnh chụp",
            required=False,
            help_text="PDF, Word, Excel hoặc ảnh, đến 10 MB mỗi lần.",
            **options,
        )
        self.widget.attrs |= {"class": "ac-file", "data-papers": "", "aria-label": "Chọn tệp"}


class EvidenceForm(forms.Form):
    files = EvidenceField()

    def clean_files(self):
        if not self.cleaned_data["files"]:
            raise forms.ValidationError("Hãy chọn ít nhất một tệp.")
        return self.cleaned_data["files"]


class ConsentForm(forms.ModelForm):
    files = EvidenceField()

    class Meta:
        model = Consent
        fields = ["basis", "given_on", "note"]
        widgets = {
            "basis": UnfoldAdminSelectWidget,
            "given_on": UnfoldAdminSingleDateWidget,
            "note": UnfoldAdminTextInputWidget,
        }


class SavedFilterForm(forms.ModelForm):
    class Meta:
        model = SavedFilter
        fields = ["name"]
        error_messages = {"name": {"required": "Hãy đặt tên cho bộ lọc."}}

    def _get_validation_exclusions(self):
        """The user stands in no field, yet a name is theirs once."""
        return super()._get_validation_exclusions() - {"user"}
