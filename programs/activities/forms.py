from django import forms
from django.db import models, transaction
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from programs.activities.fields import WholeNumberField
from programs.activities.models import MOST_MONEY, Activity, ActivityCost, ActivityKind, season_year_of
from programs.activities.photographs import add_photos
from programs.plans.models import Plan
from welfare.photographs import PhotosField
from welfare.units.models import Unit, today
from welfare.verbs import VerbForm

_MOST_PEOPLE = 100_000_000
_WIDGETS = {
    models.ForeignKey: UnfoldAdminSelectWidget,
    models.DateField: UnfoldAdminSingleDateWidget,
    models.PositiveSmallIntegerField: UnfoldAdminIntegerFieldWidget,
    models.TextField: UnfoldAdminTextareaWidget,
    models.CharField: UnfoldAdminTextInputWidget,
}


def _field_of(model_field, **options):
    """Unfold's widgets, and numbers as people type them."""
    if isinstance(model_field, models.PositiveIntegerField | models.BigIntegerField):
        return model_field.formfield(form_class=WholeNumberField, **options)
    widget = next((widget for kind, widget in _WIDGETS.items() if isinstance(model_field, kind)), None)
    return model_field.formfield(**({"widget": widget} if widget else {}), **options)


class RecordForm(forms.ModelForm):
    """An activity as it is entered on a phone: what everyone knows first, the rest may be left out or come later."""

    MAIN = ("unit", "kind", "held_on", "place", "participants", "gifts", "amount", "source")

    amount = WholeNumberField(
        label="Kinh phí (đồng)",
        required=False,
        max_value=MOST_MONEY,
        help_text="Có nhiều nguồn chi thì ghi thêm ở trang của hoạt động.",
    )
    source = forms.ChoiceField(
        label="Nguồn kinh phí", choices=ActivityCost.Source.choices, required=False, widget=UnfoldAdminSelectWidget
    )
    payer = forms.CharField(
        label="Ai chi", max_length=200, required=False, widget=UnfoldAdminTextInputWidget,
        help_text="Tên doanh nghiệp, nhà tài trợ, nếu không phải tài chính công đoàn.",
    )  # fmt: skip
    photos = PhotosField(label="Ảnh", required=False, help_text="Chọn được nhiều ảnh, đến 12 ảnh mỗi lần.")

    class Meta:
        model = Activity
        fields = [
            "unit", "kind", "held_on", "place", "participants", "gifts", "title", "held_to", "season_year", "plan",
            "gifts_value", "note",
        ]  # fmt: skip
        formfield_callback = _field_of

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["title"].required = False
        self.fields["title"].help_text = "Để trống thì lấy tên loại hoạt động và năm."
        self.fields["held_on"].initial = today()
        for name in ("participants", "gifts", "gifts_value"):
            self.initial[name] = None  # an empty field is quicker to fill than one that holds a 0
        self.fields["kind"].queryset = ActivityKind.objects.for_user(user)
        self.fields["kind"].empty_label = "– Chọn loại hoạt động –"
        self.fields["plan"].queryset = plans_of(user)
        self._offer_units()

    def _offer_units(self):
        units = units_to_write(self.user)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = "– Chọn đơn vị –"
        own = list(units[:2])
        self.only_unit = own[0] if len(own) == 1 else None
        if self.only_unit:
            self.instance.unit = self.only_unit
            del self.fields["unit"]
        elif self.user.reach.may_write(self.user.unit_id):
            self.fields["unit"].initial = self.user.unit_id

    @property
    def main(self):
        return [self[name] for name in self.MAIN if name in self.fields]

    @property
    def more(self):
        return [field for field in self if field.name not in (*self.MAIN, "photos")]

    @property
    def more_is_wrong(self) -> bool:
        return any(field.errors for field in self.more)

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if not given.get("title") and given.get("kind") and given.get("held_on"):
            given["title"] = _usual_title(given["kind"], given["held_on"], given.get("season_year"))
        if given.get("payer") and not given.get("amount"):
            self.add_error("amount", "Đã ghi ai chi thì phải ghi số tiền.")
        return given

    def save(self, *, held: bool) -> Activity:
        """The activity with its cost and photographs, all or nothing. Raises ``Refused`` as its verbs do."""
        given = self.cleaned_data
        with transaction.atomic():
            self.instance.created_by = self.user
            activity = super().save()
            if given["amount"]:
                activity.costs.create(
                    source=given["source"] or ActivityCost.Source.UNION, payer=given["payer"], amount=given["amount"]
                )
            if given["photos"]:
                add_photos(activity, self.user, given["photos"])
            if held:
                activity.hold(self.user)
        return activity


def units_to_write(user):
    units, reach = Unit.objects.in_force(), user.reach_for("programs.add_activity")
    return units if reach.writes_all else units.filter(pk__in=reach.own)


def plans_of(user):
    """Plans an activity may be held under: those out, newest first."""
    return Plan.objects.for_user(user).filter(state__in=Plan.OUT).select_related("kind")


def _usual_title(kind, held_on, season_year) -> str:
    return f"{kind} {(season_year or season_year_of(held_on)) if kind.season else f'năm {held_on.year}'}"


class HoldForm(VerbForm):
    on = forms.DateField(label="Ngày tổ chức")
    participants = WholeNumberField(label="Số người tham gia", required=False, max_value=_MOST_PEOPLE)
    gifts = WholeNumberField(label="Số suất quà", required=False, max_value=_MOST_PEOPLE)
    gifts_value = WholeNumberField(label="Tổng trị giá quà (đồng)", required=False, max_value=MOST_MONEY)

    def narrow(self):
        self.fields["on"].initial = self.row.held_on
        for name in ("participants", "gifts", "gifts_value"):
            self.fields[name].initial = getattr(self.row, name)
