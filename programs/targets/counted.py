"""Indicators of the ledger that a province adds itself: what is counted, and what part of it."""

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from programs.targets.models import Indicator


def measures() -> dict:
    """{code: measure}, from the room that counts."""
    return import_string(settings.MEASURES)


class CountedIndicatorForm(forms.ModelForm):
    """A field for every option of any measure; only those of the chosen measure are read."""

    measure = forms.ChoiceField(label="Đếm gì trong sổ", widget=UnfoldAdminSelectWidget)
    field_order = ["measure"]

    class Meta:
        model = Indicator
        fields = ["name", "unit_of_measure", "definition"]
        widgets = {
            "name": UnfoldAdminTextInputWidget,
            "unit_of_measure": UnfoldAdminTextInputWidget,
            "definition": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        }
        help_texts = {
            "unit_of_measure": "Tỷ lệ luôn tính bằng %; để trống cũng được.",
            "definition": "Để trống thì ghi theo đúng những gì đã chọn ở trên.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = measures()
        measure = self.fields["measure"]
        measure.choices = [("", "Chọn"), *((code, one.name) for code, one in self.known.items())]
        measure.initial, measure.disabled = self.instance.measure, bool(self.instance.pk)
        self.fields["unit_of_measure"].required = False
        if self.instance.pk and self.instance.definition == self._words(self.instance.measure, self.instance.options):
            self.initial["definition"] = ""
        self.of_option = {}
        for code, one in self.known.items():
            for option in one.options:
                self.of_option.setdefault(option.name, (option, []))[1].append(code)
        for name, (option, codes) in self.of_option.items():
            self.fields[f"option_{name}"] = self._option_field(option, codes)
        self.order_fields(
            ["measure", *(f"option_{name}" for name in self.of_option), "name", "unit_of_measure", "definition"]
        )

    def _option_field(self, option, codes):
        empty = [] if option.default else [("", "Chưa chọn")]
        widget = UnfoldAdminSelectWidget(attrs={"data-measures": " ".join(codes)})
        return forms.ChoiceField(
            label=option.label.capitalize(), choices=[*empty, *option.choices()], required=False, widget=widget,
            initial=self.instance.options.get(option.name) or option.default,
        )  # fmt: skip

    @property
    def words(self):
        """[(code, what the measure counts)], shown beside the choice."""
        return [(code, one.words) for code, one in self.known.items()]

    def clean(self):
        given = super().clean()
        measure = self.known.get(given.get("measure"))
        if measure:
            self._read_options(measure, given)
            self._read_unit(measure, given)
        return given

    def _read_options(self, measure, given):
        chosen = {}
        for option in measure.options:
            value = given.get(f"option_{option.name}") or option.default
            if value:
                chosen[option.name] = value
            elif option.is_required:
                self.add_error(f"option_{option.name}", f"Phải chọn {option.label}.")
        self.instance.options, self.instance.measure = chosen, measure.code
        self.instance.source, self.instance.roll_up = Indicator.Source.COUNTED, measure.roll_up
        given["definition"] = given.get("definition") or self._words(measure.code, chosen)

    def _read_unit(self, measure, given):
        if measure.roll_up == Indicator.RollUp.RATIO:
            given["unit_of_measure"] = "%"
        elif given.get("unit_of_measure") in ("", "%"):
            self.add_error("unit_of_measure", "Hãy ghi đơn vị tính, ví dụ nhà, suất, người.")

    def _words(self, code, chosen) -> str:
        return self.known[code].narrowed(chosen).definition() if code else ""


class CountedLinks:
    """For the admin of indicators: ways to the page on which counting is chosen."""

    list_before_template = "programs/indicator_list.html"
    change_form_outer_before_template = "admin/verbs.html"
    exclude = ["measure", "options"]

    def save_model(self, request, obj, form, change):
        if not obj.measure:
            obj.source = Indicator.Source.REPORTED
        super().save_model(request, obj, form, change)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {**(extra_context or {}), "verbs": self._count_links(request, self.get_object(request, object_id))}
        return super().change_view(request, object_id, form_url, context)

    def _count_links(self, request, indicator):
        if not indicator or not indicator.measure or not may_recount(request.user, indicator):
            return []
        page = reverse("programs:indicator_count", args=[indicator.pk])
        return [{"label": "Sửa cách đếm", "icon": "rule", "url": page}]


def may_recount(user, indicator) -> bool:
    """What the programme itself speaks of by its code goes on being counted as declared."""
    return user.has_perm("programs.change_indicator") and not indicator.is_declared
