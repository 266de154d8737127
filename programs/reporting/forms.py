"""What is written in a report, place by place, and the form of a difficulty or proposal."""

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from programs.reporting.parts import ReportFigure
from programs.reporting.proposals import Proposal
from programs.targets.fields import NumberField
from welfare.units.models import Department, Organization

_NUMBER = {"required": False, "min_value": 0, "error_messages": {"min_value": "Số liệu không được âm."}}


class FigureForm(forms.ModelForm):
    """A rate asks for both its parts, everything else for one number."""

    value = NumberField(label="Số báo cáo", **_NUMBER)
    numerator = NumberField(label="Tử số", **_NUMBER)
    denominator = NumberField(label="Mẫu số", **_NUMBER)
    note = forms.CharField(
        label="Giải trình", required=False, max_length=500,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "Vì sao khác số đã có? Ví dụ: một nhà chưa nhập sổ"}),
    )  # fmt: skip

    class Meta:
        model = ReportFigure
        fields = ["value", "numerator", "denominator", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.auto_id = f"f{self.instance.pk}_%s"
        for name in ["value"] if self.instance.indicator.is_ratio else ["numerator", "denominator"]:
            del self.fields[name]

    @property
    def numbers(self):
        return [self[name] for name in ("value", "numerator", "denominator") if name in self.fields]

    @property
    def sentences(self) -> list[str]:
        """Errors with the name of the field where a rate has two."""
        return [
            f"{self.fields[name].label}: {text}" if len(self.numbers) > 1 and name in self.fields and ":" not in text else text
            for name, texts in self.errors.items()
            for text in texts
        ]  # fmt: skip


class TextForm(forms.Form):
    name = forms.CharField()
    text = forms.CharField(
        required=False, max_length=20_000,
        error_messages={"max_length": "Phần này dài quá 20.000 chữ; hãy rút gọn hoặc gửi thành tệp kèm theo."},
    )  # fmt: skip

    @property
    def sentences(self) -> list[str]:
        return [text for texts in self.errors.values() for text in texts]


def addressees(user) -> list:
    """Who may have to answer, as the choices of one field: departments of the user's unit and those above, outside bodies."""
    departments = Department.objects.filter(unit__in=user.reach.above | user.reach.own).order_by("unit__path", "name")
    bodies = Organization.objects.in_force()
    return [
        ("", "Để LĐLĐ tỉnh phân công"),
        ("Ban chuyên môn", [(f"ban-{each.pk}", str(each)) for each in departments]),
        ("Cơ quan bên ngoài", [(f"ngoai-{each.pk}", each.name) for each in bodies]),
    ]


class ProposalForm(forms.ModelForm):
    """``to`` is one choice out of ``addressees``."""

    field_order = ["kind", "to", "text"]
    text = forms.CharField(
        label="Nội dung", max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        error_messages={
            "required": "Chưa ghi nội dung; hãy ghi khó khăn hoặc kiến nghị rồi lưu.",
            "max_length": "Nội dung dài quá 2.000 chữ; hãy rút gọn hoặc tách thành hai kiến nghị.",
        },
    )  # fmt: skip
    to = forms.ChoiceField(
        label="Nơi trả lời", required=False, widget=UnfoldAdminSelectWidget,
        error_messages={"invalid_choice": "Nơi trả lời này không có trong danh sách; hãy chọn lại."},
    )  # fmt: skip

    class Meta:
        model = Proposal
        fields = ["kind", "text"]
        widgets = {"kind": UnfoldAdminSelectWidget}

    def __init__(self, *args, choices=None, **kwargs):
        super().__init__(*args, **kwargs)
        if choices is not None:
            self.fields["to"].choices = choices
            self.auto_id = f"k{self.instance.pk or ''}_%s"
        self.initial["to"] = _as_choice(self.instance)

    def clean_to(self):
        """Sets the proposal's addressee, as the field is none of the model's."""
        where, _, key = self.cleaned_data["to"].partition("-")
        self.instance.to_department_id = int(key) if where == "ban" else None
        self.instance.to_organization_id = int(key) if where == "ngoai" else None
        return self.cleaned_data["to"]

    @property
    def sentences(self) -> list[str]:
        return [text for texts in self.errors.values() for text in texts]


def _as_choice(proposal) -> str:
    if proposal.to_department_id:
        return f"ban-{proposal.to_department_id}"
    return f"ngoai-{proposal.to_organization_id}" if proposal.to_organization_id else ""
