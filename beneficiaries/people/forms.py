from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from beneficiaries.intake.cells import ERROR
from beneficiaries.intake.identity import birth_year_of, gender_of, read_national_id
from beneficiaries.people.models import Person
from welfare.crypto import keyed_hash
from welfare.units.models import today

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
            "unit", "full_name", "birth_date", "birth_year", "gender", "ethnicity", "phone", "address", "workplace",
            "is_member", "household", "household_role", "bank_name",
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

    def _check_new_in_unit(self, new_id):
        unit_id = self.instance.unit_id or getattr(self.cleaned_data.get("unit", self.home_unit), "pk", None)
        known = Person.objects.filter(unit=unit_id, id_hash=keyed_hash(new_id)).exclude(pk=self.instance.pk).first()
        if known:
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
