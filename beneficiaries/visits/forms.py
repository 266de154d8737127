from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from beneficiaries.visits.models import Visit
from programs.targets.fields import NumberField


class VisitForm(forms.ModelForm):
    """Of an instance that knows its person and unit."""

    gift_value = NumberField(label="Tiền, giá trị quà (đồng)", required=False, min_value=0)

    class Meta:
        model = Visit
        fields = ["on", "visitors", "occasion", "gift", "gift_value", "note"]
        widgets = {
            "on": UnfoldAdminSingleDateWidget,
            "visitors": UnfoldAdminTextInputWidget,
            "occasion": UnfoldAdminSelectWidget,
            "gift": UnfoldAdminTextInputWidget,
            "note": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["gift_value"] = self.instance.gift_value or None
        self.fields["gift_value"].error_messages["min_value"] = "Giá trị quà không được âm."
        if "occasion" in self.fields:
            self.fields["occasion"].empty_label = "Không theo dịp nào"

    def clean_gift_value(self):
        value = self.cleaned_data["gift_value"] or 0
        if value % 1 or value > 10**12:
            raise forms.ValidationError("Giá trị quà phải là số đồng chẵn, không quá 1.000 tỷ.")
        return int(value)

    def _get_validation_exclusions(self):
        """Person and unit stand in no field, yet a visit is written once a day for them."""
        return super()._get_validation_exclusions() - {"person", "unit"}
