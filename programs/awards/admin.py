from django.contrib import admin
from django.db.models import Count, Q
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from programs.activities.lists import CareAdmin
from programs.awards.models import Award, AwardForm
from welfare.filters import KeptUnitFilter
from welfare.scoped_admin import CatalogueAdmin
from welfare.verbs import ReasonForm, Verb
from welfare.vietnamese import format_number

STATE_COLOURS = {"given": "success", "withdrawn": "danger"}
State = Award.State
_PERSON, _UNIT, _OUTSIDE = ~Q(person_name=""), Q(recipient_unit__isnull=False), Q(organization__isnull=False)


@admin.register(AwardForm)
class AwardFormAdmin(CatalogueAdmin):
    list_display = ["name"]
    search_fields = ["name"]
    search_help_text = "Tên hình thức"


class RecipientFilter(DropdownFilter):
    title, parameter_name = "ai được khen", "khen"
    CHOICES = {
        "ca-nhan": ("Cá nhân", _PERSON),
        "tap-the": ("Tập thể công đoàn", _UNIT),
        "to-chuc": ("Tổ chức bên ngoài", _OUTSIDE),
    }

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _) in self.CHOICES.items()]

    def queryset(self, request, queryset):
        return queryset.filter(self.CHOICES[self.value()][1]) if self.value() in self.CHOICES else queryset


@admin.register(Award)
class AwardAdmin(CareAdmin):
    closed_states = (State.WITHDRAWN,)
    list_display = ["whom", "form", "decision_text", "awarded_on", "occasion", "unit", "state_label"]
    list_filter = [
        ("form", RelatedDropdownFilter), RecipientFilter, KeptUnitFilter, ("state", ChoicesDropdownFilter),
    ]  # fmt: skip
    list_select_related = ["unit", "form", "recipient_unit", "organization", "decision"]
    date_hierarchy = "awarded_on"
    sortable_by = ["awarded_on"]
    search_fields = ["search_text"]
    search_help_text = "Ai được khen, hình thức, số quyết định hoặc thành tích, không cần dấu"
    autocomplete_fields = ["recipient_unit", "organization", "decision"]
    compressed_fields = False
    fieldsets = [
        ("Ai được khen", {
            "fields": [("person_name", "workplace"), ("recipient_unit", "organization")],
            "description": "Ghi một trong ba: cá nhân, tập thể công đoàn hoặc tổ chức bên ngoài.",
        }),
        ("Quyết định", {"fields": ["unit", ("form", "awarded_on"), ("decision_number", "decision")]}),
        ("Thành tích", {"fields": ["occasion", "reason"]}),
    ]  # fmt: skip
    export_columns = {
        "Được khen": "recipient",
        "Chức vụ, nơi làm việc": "workplace",
        "Hình thức": "form__name",
        "Số quyết định": "decision_words",
        "Ngày quyết định": "awarded_on",
        "Dịp": "occasion",
        "Thành tích": "reason",
        "Đơn vị khen thưởng": "unit__short_name",
        "Trạng thái": "get_state_display",
    }
    verbs = [
        Verb("withdraw", "Thu hồi", "programs.change_award", (State.GIVEN,), ReasonForm, "Đã thu hồi khen thưởng.",
             "Dùng khi quyết định bị thu hồi hoặc đã ghi nhầm; dòng này vẫn đọc được nhưng không được đếm.", "undo"),
    ]  # fmt: skip

    def summary(self, rows):
        counts = rows.filter(state=State.GIVEN).order_by().aggregate(
            all=Count("pk"), people=Count("pk", filter=_PERSON), units=Count("pk", filter=_UNIT),
            outside=Count("pk", filter=_OUTSIDE),
        )  # fmt: skip
        return [
            (format_number(counts["all"]), "lượt khen thưởng"),
            (format_number(counts["people"]), "cá nhân"),
            (format_number(counts["units"]), "tập thể công đoàn"),
            (format_number(counts["outside"]), "tổ chức bên ngoài"),
        ]

    @display(description="được khen")
    def whom(self, award):
        return award.recipient

    @display(description="quyết định")
    def decision_text(self, award):
        return award.decision_words or "–"

    @display(description="trạng thái", ordering="state", label=STATE_COLOURS)
    def state_label(self, award):
        return award.state, award.get_state_display()
