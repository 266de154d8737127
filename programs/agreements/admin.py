from django.contrib import admin
from django.db.models import Avg, Count
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from programs.activities.lists import CareAdmin
from programs.agreements.forms import AgreementForm, EndForm, RenewForm, ReviewForm, reviewing_units
from programs.agreements.models import AgreementReview, PartnerAgreement
from welfare.filters import KeptUnitFilter
from welfare.scoped_admin import ScopedInline
from welfare.units.models import today
from welfare.verbs import Verb
from welfare.vietnamese import format_number

STATUS_COLOURS = {
    "Đang thực hiện": "success", "Chưa hiệu lực": "info", "Sắp hết hạn": "warning", "Hết hạn": "danger",
    "Đã chấm dứt": "default", "Đã gia hạn": "default",
}  # fmt: skip
State = PartnerAgreement.State


class StatusFilter(DropdownFilter):
    title, parameter_name = "tình trạng", "tinh-trang"

    def lookups(self, request, model_admin):
        return [
            ("dang-thuc-hien", "Đang thực hiện"),
            ("sap-het-han", "Sắp hết hạn (60 ngày)"),
            ("het-han", "Hết hạn"),
            ("cham-dut", "Đã chấm dứt"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "dang-thuc-hien":
            return queryset.running()
        if self.value() == "sap-het-han":
            return queryset.expiring()
        if self.value() == "het-han":
            return queryset.filter(state=State.IN_FORCE, ends_on__lt=today(), renewed_by=None)
        return queryset.filter(state=State.ENDED) if self.value() == "cham-dut" else queryset


class ReviewInline(ScopedInline):
    """What units said; the province reads all, a unit its own and those under it."""

    model = AgreementReview
    hide_title = True
    fields = readonly_fields = ["on", "unit", "score", "comment", "by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("unit", "by")

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(PartnerAgreement)
class PartnerAgreementAdmin(CareAdmin):
    """Read by every unit it covers, written by the one that signed."""

    form = AgreementForm
    change_form_outer_before_template = "programs/agreement_head.html"
    closed_states = (State.ENDED,)
    list_display = ["partner_name", "discount", "unit", "term_text", "covered", "score_text", "status_label"]
    list_filter = [StatusFilter, KeptUnitFilter]
    list_select_related = ["unit", "partner", "renewed_by"]
    date_hierarchy = "signed_on"
    sortable_by = ["term_text"]
    search_fields = ["search_text"]
    search_help_text = "Đối tác, nội dung hợp tác hoặc số thỏa thuận, không cần dấu"
    autocomplete_fields = ["partner", "units"]
    inlines = [ReviewInline]
    compressed_fields = False
    fieldsets = [
        (None, {"fields": ["unit", "partner", ("document_number", "signed_on"), ("starts_on", "ends_on")]}),
        ("Nội dung", {"fields": ["offer", "discount"]}),
        ("Ai được hưởng", {"fields": ["level", "units"]}),
    ]
    export_columns = {
        "Đối tác": "partner__name",
        "Số thỏa thuận": "document_number",
        "Đơn vị ký": "unit__short_name",
        "Ngày ký": "signed_on",
        "Từ ngày": "starts_on",
        "Đến hết ngày": "ends_on",
        "Nội dung": "offer",
        "Mức ưu đãi": "discount",
        "Điểm trung bình": "score",
        "Số lượt đánh giá": "review_count",
        "Tình trạng": "status",
    }
    verbs = [
        Verb("renew", "Gia hạn", "programs.change_partneragreement", (State.IN_FORCE,), RenewForm,
             "Đã lập thỏa thuận gia hạn.", "Lập một thỏa thuận mới cùng nội dung, nối tiếp thỏa thuận này.", "autorenew"),
        Verb("end", "Chấm dứt", "programs.change_partneragreement", (State.IN_FORCE,), EndForm,
             "Đã ghi chấm dứt thỏa thuận.", "Thỏa thuận đã chấm dứt không mở lại được.", "cancel"),
        Verb("review", "Đánh giá", "programs.review_agreement", (State.IN_FORCE,), ReviewForm,
             "Đã ghi đánh giá của đơn vị.", icon="star"),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_scores().prefetch_related("units")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.home_unit = self._home_unit(request)
        return form

    def summary(self, rows):
        rows = PartnerAgreement.objects.filter(pk__in=rows.order_by().values("pk"))
        counts = rows.aggregate(all=Count("pk"), partners=Count("partner", distinct=True))
        score = AgreementReview.objects.filter(agreement__in=rows).aggregate(mean=Avg("score"))["mean"]
        return [
            (format_number(counts["all"]), "thỏa thuận"),
            (format_number(rows.running().count()), "đang thực hiện"),
            (format_number(counts["partners"]), "đối tác"),
            (_score(score), "điểm trung bình"),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        agreement = self.get_object(request, object_id)
        context = {**(extra_context or {}), "agreement": agreement}
        return super().change_view(request, object_id, form_url, context)

    def _buttons(self, request, row):
        """Renewing and ending are the signer's, reviewing belongs to those who have the offer."""
        hidden = set() if self._may_write(request, row) else {"Gia hạn", "Chấm dứt"}
        if row.is_renewed or row.ends_on is None:
            hidden.add("Gia hạn")
        if row.starts_on > today() or not reviewing_units(request.user, row):
            hidden.add("Đánh giá")
        return [button for button in super(CareAdmin, self)._buttons(request, row) if button["label"] not in hidden]

    @display(description="đối tác", ordering="partner__name")
    def partner_name(self, agreement):
        return str(agreement.partner)

    @display(description="thời hạn", ordering="ends_on")
    def term_text(self, agreement):
        return agreement.term

    @display(description="áp dụng cho")
    def covered(self, agreement):
        return agreement.covered_words

    @display(description="điểm", ordering="score")
    def score_text(self, agreement):
        return f"{_score(agreement.score)} ({agreement.review_count})" if agreement.review_count else "–"

    @display(description="tình trạng", label=STATUS_COLOURS)
    def status_label(self, agreement):
        return agreement.status


def _score(mean) -> str:
    return "–" if mean is None else f"{mean:.1f}".replace(".", ",")
