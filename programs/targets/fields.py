from decimal import Decimal

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from programs.targets.models import plain_number


class NumberField(forms.DecimalField):
    """A number not below zero, typed and shown with Vietnamese marks ("1.200,5")."""

    default_error_messages = {"invalid": "Hãy nhập một số, ví dụ 12 hoặc 1.200."}

    def __init__(self, **options):
        options |= {"max_digits": 15, "decimal_places": 2, "localize": True}
        widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", **options.pop("attrs", {})})
        super().__init__(**{**options, "widget": widget})

    def prepare_value(self, value):
        return plain_number(value) if isinstance(value, Decimal | int) else value
