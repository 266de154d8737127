from django import forms
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from programs.targets.milestones import milestones_text, read_milestones, set_milestones, wrong_milestones
from programs.targets.models import Target


class TargetForm(forms.ModelForm):
    """A target as it is typed, wherever: its sentence offers the figures it holds, its milestones are one line."""

    milestone_line = forms.CharField(
        label="Mốc từng năm",
        required=False,
        max_length=300,
        help_text="Khi chỉ tiêu nhiều năm có mốc, ví dụ 2026: 3; 2027: 6.",
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Target
        fields = [
            "text", "section", "indicator", "comparator", "value", "value_max", "unit_of_measure", "year", "season",
            "deadline", "combine", "binds_level", "department",
        ]  # fmt: skip

    class Media:
        js = ["programs/sentences.js"]
        css = {"all": ["programs/targets.css"]}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["milestone_line"] = milestones_text(self.instance)
        if "text" in self.fields:
            self.fields["text"].widget.attrs["data-reads-figures"] = reverse("programs:figures_read")

    def clean_milestone_line(self):
        try:
            return read_milestones(self.cleaned_data["milestone_line"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def _post_clean(self):
        """The instance has the form's values only after this."""
        super()._post_clean()
        milestones = self.cleaned_data.get("milestone_line")
        if milestones and not self.errors and (wrong := wrong_milestones(self.instance, milestones)):
            self.add_error("milestone_line", wrong)

    def _save_m2m(self):
        super()._save_m2m()
        set_milestones(self.instance, self.cleaned_data["milestone_line"])
