"""The small forms of the writing page. Each knows the version of its part that it was opened on."""

import hashlib
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.plans.word.citations import VERBS, read_citation
from programs.plans.word.names import Names
from programs.plans.word.register import Register
from programs.targets import forms as targets
from programs.targets.fields import NumberField
from programs.targets.milestones import milestones_text
from programs.targets.models import plain_number
from welfare.documents.models import DocumentKind
from welfare.scoped_admin import rows_for
from welfare.units.models import Department, Unit


class PartForm(forms.ModelForm):
    """``version``: what the part said when the form was opened; a part that says something else was changed since."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, user, plan, **kwargs):
        self.user, self.plan = user, plan
        super().__init__(*args, **kwargs)
        if hasattr(self.instance, "plan_id"):
            self.instance.plan = plan
        self.narrow()
        self.initial["version"] = self.current_version()
        for name, field in self.fields.items():
            _dress(name, field)

    def narrow(self):
        """Choices of what the plan's unit may name."""

    def current_version(self) -> str:
        return hashlib.sha256(repr(self._said()).encode()).hexdigest()[:16]

    def _said(self) -> list[str]:
        """All that the part says as it stands."""
        names = [name for name in self._meta.fields if name in self.fields]
        return [str(self.instance._meta.get_field(name).value_from_object(self.instance)) for name in names]

    def changed_meanwhile(self) -> list[tuple[str, str]]:
        """[(label, what it says now)] of the fields whose typed text is not what stands now."""
        return [(self.fields[name].label, self._shown(name) or "–") for name in self.changed_data if name != "version"]

    def _shown(self, name) -> str:
        value = getattr(self.instance, f"get_{name}_display", lambda: getattr(self.instance, name, ""))()
        if hasattr(value, "all"):
            return ", ".join(map(str, value.all()))
        if isinstance(value, Decimal):
            return plain_number(value)
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


def _dress(name, field):
    field.widget.attrs["data-field"] = name
    if isinstance(field, forms.DateField):
        field.widget.attrs |= {"placeholder": "ngày/tháng/năm", "inputmode": "numeric"}
    if isinstance(field, forms.ModelChoiceField) and field.empty_label:
        field.empty_label = "–"
    elif isinstance(field, forms.TypedChoiceField) and not field.required:
        field.choices = [(value, label if value else "–") for value, label in field.choices]


def _dress_year(field):
    """2026, not 2.026."""
    field.min_value, field.localize = 2000, False
    field.widget = forms.TextInput(attrs={"inputmode": "numeric"})


class HeadForm(PartForm):
    class Meta:
        model = Plan
        fields = ["kind", "number", "symbol", "place", "issued_on", "title"]
        widgets = {"title": forms.Textarea(attrs={"rows": 3})}

    def narrow(self):
        self.fields["kind"].queryset = DocumentKind.objects.all()


class YearsForm(PartForm):
    class Meta:
        model = Plan
        fields = ["first_year", "last_year", "horizon_year", "vision_year", "issuing_body", "department"]

    def narrow(self):
        for name in self._meta.fields[:4]:
            _dress_year(self.fields[name])
        self.fields["department"].queryset = Department.objects.filter(unit=self.plan.unit_id)


class SummaryForm(PartForm):
    class Meta:
        model = Plan
        fields = ["summary"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 5})}


class ClosingForm(PartForm):
    class Meta:
        model = Plan
        fields = ["closing"]
        widgets = {"closing": forms.Textarea(attrs={"rows": 4})}


class SignatureForm(PartForm):
    class Meta:
        model = Plan
        fields = ["capacity", "signer_title", "signer_name"]

    def narrow(self):
        self.fields["capacity"].required = False


class BasisForm(PartForm):
    """A basis is typed as it reads; the register is asked for the document, which is entered where it isn't there."""

    citation = forms.CharField(
        label="Văn bản", widget=forms.Textarea(attrs={"rows": 3}), max_length=900,
        help_text="Ghi như trong văn bản: loại, số và ký hiệu, ngày, cơ quan ban hành, trích yếu.",
    )  # fmt: skip

    class Meta:
        model = LegalBasis
        fields = ["verb"]

    def narrow(self):
        self.fields["verb"].widget = forms.TextInput(attrs={"list": "pw-verbs"})
        self.verbs = VERBS
        if self.instance.document_id:
            self.initial["citation"] = self.instance.document.citation()

    def _said(self):
        return [*super()._said(), str(self.instance.document_id)]

    def clean_citation(self):
        text = " ".join(self.cleaned_data["citation"].split())
        self.read = None
        if text != self.initial.get("citation"):
            self.read = read_citation(text, DocumentKind.objects.values_list("name", flat=True))
            if self.read is None:
                raise ValidationError(
                    "Chưa nhận ra văn bản: hãy bắt đầu bằng loại văn bản, ví dụ “Kế hoạch số 12/KH-LĐLĐ ngày 05/3/2026 của …”."
                )
        return text

    def save(self, commit=True):
        if self.read is not None:
            register = Register(self.user, self.plan.unit, Names(self.plan.unit), [self.read])
            self.instance.document, _ = register.document(self.read)
        return super().save(commit)

    def _shown(self, name):
        return self.initial.get("citation", "") if name == "citation" else super()._shown(name)


class SectionForm(PartForm):
    class Meta:
        model = Section
        fields = ["number", "heading", "body"]
        widgets = {"heading": forms.Textarea(attrs={"rows": 2}), "body": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "number": "Như trong văn bản: I., 1., a)…",
            "body": "Mỗi đoạn một dòng; ý nhỏ bắt đầu bằng dấu gạch ngang.",
        }

    def clean(self):
        given = super().clean()
        if not any(given.get(name) for name in ("number", "heading", "body")) and not self.errors:
            raise ValidationError("Mục chưa có chữ nào; hãy ghi số mục, tên mục hoặc nội dung.")
        return given


class TargetForm(PartForm, targets.TargetForm):
    """A target as it is typed on the plan's own form too; its section is the one it stands in."""

    value = NumberField(label="Giá trị")
    value_max = NumberField(label="Đến giá trị", required=False)

    class Meta(targets.TargetForm.Meta):
        fields = [name for name in targets.TargetForm.Meta.fields if name != "section"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def narrow(self):
        self.fields["indicator"].queryset = rows_for(self.user, self.fields["indicator"].queryset.model)
        self.fields["department"].queryset = Department.objects.filter(unit=self.plan.unit_id)
        for name in ("value", "value_max"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        self.fields["milestone_line"].widget = forms.TextInput()
        _dress_year(self.fields["year"])

    def _said(self):
        return [*super()._said(), self.initial.get("milestone_line", "")]

    def _shown(self, name):
        return milestones_text(self.instance) if name == "milestone_line" else super()._shown(name)


class TaskForm(PartForm):
    class Meta:
        model = Assignment
        fields = [
            "text", "lead_department", "lead_unit", "lead_level", "coordinator_departments", "coordinator_units",
            "coordinator_level", "coordinators", "time_text", "due_on",
        ]  # fmt: skip
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "coordinators": forms.Textarea(attrs={"rows": 2}),
            "coordinator_departments": forms.CheckboxSelectMultiple,
            "coordinator_units": forms.CheckboxSelectMultiple,
        }

    def narrow(self):
        unit = self.plan.unit
        below = Unit.objects.in_force().filter(path__startswith=unit.path, depth__lte=unit.depth + 1)
        for name in ("lead", "coordinator"):
            ending = "s" if name == "coordinator" else ""
            self.fields[f"{name}_department{ending}"].queryset = Department.objects.filter(unit=unit)
            self.fields[f"{name}_unit{ending}"].queryset = below


class RecipientForm(PartForm):
    class Meta:
        model = Recipient
        fields = ["name", "purpose"]
