from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from programs.reporting.forms import ProposalForm, addressees
from programs.reporting.proposals import Proposal
from welfare.scoped_admin import ScopedAdmin
from welfare.units.models import Department
from welfare.verbs import Verb, VerbForm, VerbsMixin


class RaiseForm(ProposalForm):
    """At any time, also about a plan that asks for no report."""

    class Meta(ProposalForm.Meta):
        fields = ["kind", "text", "plan"]


class ReplyForm(VerbForm):
    answer = forms.CharField(label="Trả lời", max_length=4000, widget=forms.Textarea)
    on = forms.DateField(label="Ngày trả lời", required=False, help_text="Để trống là hôm nay.")


class RouteForm(VerbForm):
    to_department = forms.ModelChoiceField(Department.objects.none(), label="Ban trả lời")

    def narrow(self):
        self.fields["to_department"].queryset = Department.objects.for_user(self.user)


class WhoseFilter(admin.SimpleListFilter):
    title, parameter_name = "của ai", "cua"

    def lookups(self, request, model_admin):
        own = [("toi", "Đơn vị tôi nêu")]
        answers = request.user.has_perm("programs.answer_proposal")
        return [*own, ("ban", "Ban tôi trả lời")] if answers else own

    def queryset(self, request, queryset):
        if self.value() == "toi":
            return queryset.of(request.user)
        return queryset.for_departments_of(request.user) if self.value() == "ban" else queryset


@admin.register(Proposal)
class ProposalAdmin(VerbsMixin, ScopedAdmin):
    form = RaiseForm
    list_display = ["text_start", "unit", "addressee_name", "state_label", "raised_on", "answered_on"]
    list_display_links = ["text_start"]
    list_filter = [WhoseFilter, "state", "kind"]
    list_select_related = ["unit", "to_department", "to_organization", "report__period__rule"]
    search_fields = ["text", "answer"]
    search_help_text = "Nội dung kiến nghị hoặc câu trả lời"
    autocomplete_fields = []
    compressed_fields = False
    said = ["unit", "report_link", "state", "raised_by", "raised_on", "answer", "answered_by", "answered_on"]
    verbs = [
        Verb("reply", "Trả lời", "programs.answer_proposal", (Proposal.State.OPEN,), form=ReplyForm, icon="reply",
             done="Đã trả lời; đơn vị thấy ngay câu trả lời.", explain="Đơn vị đã nêu đọc được câu trả lời này."),
        Verb("route", "Chuyển ban khác", "programs.answer_proposal", (Proposal.State.OPEN,), form=RouteForm,
             done="Đã chuyển cho ban trả lời.", icon="forward_to_inbox"),
        Verb("withdraw", "Rút lại", "programs.change_proposal", (Proposal.State.OPEN,), icon="undo",
             done="Đã rút kiến nghị.", explain="Kiến nghị đã rút không chờ trả lời nữa, nhưng vẫn giữ trong danh sách."),
    ]  # fmt: skip

    # Rows ------------------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("unit", "report__period__rule", "report__unit")

    def has_change_permission(self, request, obj=None):
        """What a report says is edited in the report."""
        is_its_own = obj is None or (obj.report_id is None and obj.is_editable and obj.is_of(request.user))
        return is_its_own and super().has_change_permission(request, obj)

    def may_do(self, request, row, verb):
        """Whoever answers doesn't withdraw."""
        is_theirs = verb.name != "withdraw" or row.is_of(request.user)
        return is_theirs and super().may_do(request, row, verb)

    def _buttons(self, request, row):
        shown = super()._buttons(request, row)
        if row.report_id:
            page = reverse("programs:report", args=[row.report_id])
            shown.insert(0, {"label": "Xem báo cáo", "icon": "description", "url": page})
        return shown

    # Form ------------------------------------------------------------------------------------------

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if "to" in form.base_fields:
            form.base_fields["to"].choices = addressees(request.user)
        return form

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ["kind", "text", "to", "plan"]})]
        if self.has_change_permission(request, obj):
            return [(None, {"fields": ["kind", "text", "to", "plan"]}), (None, {"fields": self.said})]
        return [(None, {"fields": ["kind", "text", "addressee_name", "plan", *self.said]})]

    def get_readonly_fields(self, request, obj=None):
        return [*self.said, "addressee_name"] if obj else []

    def get_exclude(self, request, obj=None):
        return [self.unit_field]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.unit, obj.raised_by = self._home_unit(request), request.user
        super().save_model(request, obj, form, change)

    # Columns ---------------------------------------------------------------------------------------

    @admin.display(description="nội dung")
    def text_start(self, proposal):
        return str(proposal)

    @admin.display(description="nơi trả lời")
    def addressee_name(self, proposal):
        return proposal.addressee or "Chưa phân công"

    @admin.display(description="trong báo cáo")
    def report_link(self, proposal):
        if proposal.report is None:
            return "Nêu riêng"
        page = reverse("programs:report", args=[proposal.report_id])
        return format_html('<a class="text-primary-600" href="{}">{}</a>', page, proposal.report)

    @display(
        description="trạng thái",
        ordering="state",
        label={"open": "info", "answered": "success", "withdrawn": "default"},
    )
    def state_label(self, proposal):
        return proposal.state, proposal.get_state_display()
