from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from programs.plans.models import Plan
from programs.reporting.consolidation import tally_by_period
from programs.reporting.models import UnitReport
from programs.reporting.rules import ReportingPeriod, ReportingRule
from welfare.scoped_admin import ReadOnlyAdmin, ScopedAdmin
from welfare.units.models import today
from welfare.verbs import Verb, VerbForm, VerbsMixin

_EXAMPLES = (
    "“Trước ngày 15/11 hằng năm”: hằng năm, hạn ngày 14 tháng 11. “Trước ngày 20/11”: ngày 19 tháng 11. “Đầu tháng 11” "
    "của công đoàn cơ sở: cấp công đoàn cơ sở, chọn một ngày, ví dụ ngày 5 tháng 11. Báo cáo tháng, quý, 6 tháng: ghi số "
    "ngày sau khi hết kỳ. “Sơ kết, tổng kết”, “khi có yêu cầu”: chọn khi được gọi, rồi bấm Mở kỳ khi cần."
)


class RuleForm(forms.ModelForm):
    def clean(self):
        """Departments are kept beside the row, so that only the form sees both."""
        given = super().clean()
        level = given.get("level", self.instance.level)
        departments = given.get("departments")
        if not level and not departments:
            self.add_error("level", "Hãy chọn cấp phải báo cáo, hoặc các ban phải báo cáo.")
        elif level and departments:
            self.add_error("departments", "Một chế độ chỉ cho một cấp hoặc cho các ban; hãy lập hai chế độ.")
        return given


class CallForm(VerbForm):
    name = forms.CharField(label="Tên kỳ", max_length=80, help_text="Ví dụ: Sơ kết 6 tháng đầu năm 2026")
    first_day = forms.DateField(label="Báo cáo từ ngày")
    last_day = forms.DateField(label="Đến hết ngày")
    due_on = forms.DateField(label="Hạn gửi", help_text="Ngày cuối cùng còn kịp.")

    def clean(self):
        given = super().clean()
        first, last, due = (given.get(name) for name in ("first_day", "last_day", "due_on"))
        if first and last and last < first:
            self.add_error("last_day", "Ngày cuối của kỳ phải từ ngày đầu trở đi.")
        if due and due < today():
            self.add_error("due_on", "Hạn gửi phải từ hôm nay trở đi.")
        return given


@admin.register(ReportingRule)
class ReportingRuleAdmin(VerbsMixin, ScopedAdmin):
    unit_field = None
    form = RuleForm
    list_display = ["name", "plan_title", "bound_to", "frequency", "due", "next_due", "in_use"]
    list_filter = ["is_active", "frequency", "level", "plan"]
    list_select_related = ["plan__kind", "plan__unit"]
    search_fields = ["name", "plan__title"]
    search_help_text = "Tên báo cáo hoặc kế hoạch"
    compressed_fields = False
    filter_horizontal = ["indicators"]
    readonly_fields = ["coming_periods"]
    verbs = [
        Verb("call", "Mở kỳ", "programs.add_reportingperiod", form=CallForm, icon="event_available",
             done="Đã mở kỳ báo cáo; các đơn vị thấy ngay trong việc cần làm.",
             explain="Mọi đơn vị, ban thuộc chế độ báo cáo này sẽ phải gửi một báo cáo."),
    ]  # fmt: skip

    class Media:
        css = {"all": ["programs/board.css"]}

    # Rows ------------------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("departments")

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or self._reach(self._writer(request)).may_write(obj.plan.unit_id))

    def _buttons(self, request, row):
        links = [{"label": "Các kỳ đã mở", "icon": "date_range", "url": _periods_of(row)}]
        is_called = row.frequency == ReportingRule.Frequency.ON_CALL and row.may_be_called_by(request.user)
        return [*super()._buttons(request, row), *links] if is_called else links

    # Forms -----------------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        return [
            (None, {"fields": ["plan", ("name", "is_active"), ("level", "departments")]}),
            ("Khi nào", {"description": _EXAMPLES, "fields": [
                "frequency", ("due_month", "due_day", "due_next_year"), ("due_after_days", "due_words"),
                ("opens_days", "grace_days"), *(["coming_periods"] if obj else [])]}),
            ("Gửi đến, hỏi gì", {"fields": [("to_department", "to_organization"), "indicators"]}),
        ]  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        """Who owes, on what and how often stand fast once somebody owed by it."""
        fixed = []
        if obj and obj.periods.exists():
            fixed = ["plan", "level", "frequency", *(["departments"] if obj.level else [])]
        return [*super().get_readonly_fields(request, obj), *fixed]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is Plan:
            field.queryset = field.queryset.exclude(state=Plan.State.CLOSED).select_related("kind")
            reach = self._reach(self._writer(request))
            if not reach.writes_all:
                field.queryset = field.queryset.filter(unit__in=reach.own)
        return field

    # Columns ---------------------------------------------------------------------------------------

    @admin.display(description="kế hoạch", ordering="plan")
    def plan_title(self, rule):
        return str(rule.plan)

    @admin.display(description="ai báo cáo", ordering="level")
    def bound_to(self, rule):
        return rule.bound or "–"

    @admin.display(description="hạn")
    def due(self, rule):
        return rule.due_text

    @admin.display(description="hạn gần nhất")
    def next_due(self, rule):
        coming = rule.next_spans(count=1)
        return f"{coming[0].due_on:%d/%m/%Y}" if coming else "–"

    @display(description="áp dụng", ordering="is_active", label={"Có": "success", "Không": "default"})
    def in_use(self, rule):
        return "Có" if rule.is_active else "Không"

    @admin.display(description="ba kỳ sắp tới")
    def coming_periods(self, rule):
        spans = rule.next_spans()
        if not spans:
            return (
                "Không có kỳ nào tự mở nữa."
                if rule.frequency != ReportingRule.Frequency.ON_CALL
                else "Mở khi được gọi."
            )
        lines = (
            (span.name, *(f"{day:%d/%m/%Y}" for day in (span.first_day, span.last_day, span.opens_on, span.due_on)))
            for span in spans
        )
        return format_html_join("", "<p>{}: từ {} đến {}, mở ngày {}, hạn gửi {}</p>", lines)


def _periods_of(rule) -> str:
    return f"{reverse('admin:programs_reportingperiod_changelist')}?rule__id__exact={rule.pk}"


class PeriodYearFilter(admin.SimpleListFilter):
    title, parameter_name = "năm", "nam"

    def lookups(self, request, model_admin):
        years = model_admin.get_queryset(request).order_by().dates("due_on", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request, queryset):
        offered = [year for year, _ in self.lookup_choices]
        return queryset.filter(due_on__year=int(self.value())) if self.value() in offered else queryset


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(VerbsMixin, ReadOnlyAdmin):
    """Periods open by their rule; here one sees which did."""

    unit_field = None
    list_display = ["title", "plan_title", "days", "opens_on", "due_on", "locks_on"]
    list_filter = [PeriodYearFilter, "rule"]
    list_select_related = ["rule__plan__kind"]
    search_fields = ["name", "rule__name", "rule__plan__title"]
    search_help_text = "Tên kỳ, báo cáo hoặc kế hoạch"
    fields = readonly_fields = ["rule", "name", "days", "opens_on", "due_on", "locks_on", "standing"]

    def _buttons(self, request, row):
        board = f"{reverse('programs:report_board')}?ky={row.pk}"
        consolidated = reverse("programs:report_consolidated", args=[row.pk])
        return [
            {"label": "Bảng theo dõi", "icon": "fact_check", "url": board},
            {"label": "Tổng hợp", "icon": "functions", "url": consolidated},
        ]

    def get_object(self, request, object_id, from_field=None):
        period = super().get_object(request, object_id, from_field)
        if period:
            reports = UnitReport.objects.coming_to(request.user).filter(period=period)
            period.tally = tally_by_period(reports).get(period.pk)
        return period

    @admin.display(description="kỳ báo cáo", ordering="name")
    def title(self, period):
        return str(period)

    @admin.display(description="kế hoạch")
    def plan_title(self, period):
        return str(period.rule.plan)

    @admin.display(description="báo cáo cho", ordering="first_day")
    def days(self, period):
        return f"{period.first_day:%d/%m/%Y} – {period.last_day:%d/%m/%Y}"

    @admin.display(description="tình hình")
    def standing(self, period):
        counted = period.tally
        if not counted:
            return "Không có báo cáo nào gửi về đơn vị bạn."
        words = "phải gửi {}, đã gửi {}, đã duyệt {}, quá hạn còn nợ {}"
        return format_html(words, counted.owed, counted.sent, counted.accepted, counted.late)
