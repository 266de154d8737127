from django import forms
from django.contrib import admin
from django.db.models import Sum
from django.forms import BaseInlineFormSet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from events.budget.models import EventBudget
from events.delegates.places import taken
from events.gatherings.models import Event
from events.programme.models import AgendaItem, CommitteeMember, EventTask, Speech
from events.quotas.models import InvitedBody, QuotaLine
from events.quotas.sums import mismatches_of, rows_of
from programs.activities.fields import WholeNumberField
from welfare.documents.models import StoredFile
from welfare.scoped_admin import ScopedAdmin, ScopedInline, rows_for
from welfare.units.models import Unit
from welfare.uploads import FilesField
from welfare.verbs import ReasonForm, Verb, VerbForm, VerbsMixin

STATE_LABELS = {"draft": "warning", "announced": "info", "held": "success"}


class CopyForm(VerbForm):
    source = forms.ModelChoiceField(Event.objects.none(), label="Chép từ sự kiện")

    def narrow(self):
        self.fields["source"].queryset = Event.objects.for_user(self.user).filter(unit=self.row.unit_id).exclude(
            pk=self.row.pk
        )  # fmt: skip


class FilesForm(VerbForm):
    files = FilesField(label="Tệp", help_text="PDF, Word, Excel hoặc ảnh; có thể chọn nhiều tệp.")


class _Part(ScopedInline):
    """A part of an event, written by who writes the event, until it was held."""

    tab = True

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "count":
            kwargs["form_class"] = WholeNumberField
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.is_relation and field is not None:
            for act in ("add", "change", "view", "delete"):  # a narrow row has no room for buttons beside the choice
                setattr(field.widget, f"can_{act}_related", False)
        return field

    def _writes(self, request, event):
        if event is None or event.state == Event.State.HELD:
            return False
        reach = request.user.reach_for(f"events.change_{self.model._meta.model_name}")
        return reach.may_write(event.unit_id)

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._writes(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._writes(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._writes(request, obj)


class AgendaInline(_Part):
    model = AgendaItem
    fields = ["order", "text", "is_optional", "minutes", "responsible"]


class CommitteeInline(_Part):
    model = CommitteeMember
    fields = ["body", "order", "full_name", "job", "role"]


class TaskInline(_Part):
    model = EventTask
    fields = ["order", "text", "department", "unit", "due_on", "state"]
    readonly_fields = ["state"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "unit":
            field.queryset = rows_for(request.user, Unit).in_force().filter(depth__lte=2)
        return field

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("department", "unit")


class SpeechInline(_Part):
    model = Speech
    fields = ["unit", "kind", "asked", "due_on", "state"]
    readonly_fields = ["state"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "unit":
            field.queryset = rows_for(request.user, Unit).in_force().filter(depth__lte=2)
        return field

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("unit")


class BodyFormSet(BaseInlineFormSet):
    """What was announced still reconciles: a line's organisations take no more than it has."""

    def clean(self):
        super().clean()
        if not self.has_changed():
            return
        self._hold()
        asked: dict = {}
        for form in self.forms:
            given = getattr(form, "cleaned_data", {})
            if given.get("line") and not given.get("DELETE"):
                asked[given["line"]] = asked.get(given["line"], 0) + (given.get("count") or 0)
                self._check_named(form, given)
        for line, count in asked.items():
            self._check_room(line, count)
        if self.instance.state == Event.State.ANNOUNCED and not any(self.errors):
            self._check_sums(asked)

    def _hold(self):
        """Nobody else saves the quota, names somebody of an organisation or of a line until this is written."""
        event = self.instance.pk
        rows = (
            Event.objects.filter(pk=event),
            InvitedBody.objects.filter(event=event),
            QuotaLine.objects.filter(event=event),
        )
        for each in rows:
            list(each.order_by("pk").select_for_update(of=("self",), no_key=True))

    def _check_room(self, line, count):
        left = line.count - (line.shares.aggregate(n=Sum("count"))["n"] or 0) - taken(line)
        if line.children.filter(is_overlay=False).exists():
            raise forms.ValidationError(f"“{line}” có dòng con; hãy chọn một dòng con cho tổ chức được mời.")
        if count > left:
            raise forms.ValidationError(f"“{line}” còn {left} người cho tổ chức được mời, đang ghi {count}.")

    def _check_sums(self, asked):
        """Units were told of a quota that reconciles, and it goes on doing so."""
        rows = rows_of(self.instance)
        for row in rows:
            row.guests = next((count for line, count in asked.items() if line.pk == row.key), 0)
        if wrong := mismatches_of(rows, self.instance.expected):
            raise forms.ValidationError(f"{wrong[0].sentence} Sự kiện đã thông báo nên phân bổ phải khớp.")

    def _check_named(self, form, given):
        body = form.instance
        if not body.pk:
            return
        if "line" in form.changed_data and body.delegates.exists():
            raise forms.ValidationError(f"{body} đã có đại biểu được ghi tên nên không chuyển sang thành phần khác.")
        named = taken(body)
        if named > (given.get("count") or 0):
            raise forms.ValidationError(f"{body} đã có {named} đại biểu được ghi tên nên không giảm xuống dưới số đó.")


class BodyInline(_Part):
    model = InvitedBody
    formset = BodyFormSet
    fields = ["line", "organization", "name", "count"]
    autocomplete_fields = ["organization"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "line":
            event_id = request.resolver_match.kwargs.get("object_id")
            field.queryset = (
                field.queryset.filter(event=event_id, is_overlay=False) if event_id else field.queryset.none()
            )
        return field

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organization", "line")


def _budget_button(user, event):
    """To the event's money, or to where it is begun."""
    budget = EventBudget.objects.for_user(user).filter(event=event).first()
    if budget and user.has_perm("events.view_eventbudget"):
        yield {
            "label": "Kinh phí",
            "icon": "payments",
            "url": reverse("admin:events_eventbudget_change", args=[budget.pk]),
        }
    elif not budget and user.reach_for("events.add_eventbudget").may_write(event.unit_id):
        begun = f"{reverse('admin:events_eventbudget_add')}?event={event.pk}"
        yield {"label": "Lập dự toán kinh phí", "icon": "payments", "url": begun}


@admin.register(Event)
class EventAdmin(VerbsMixin, ScopedAdmin):
    list_display = ["name", "on", "venue", "expected", "state_label", "links"]
    list_filter = [("state", ChoicesDropdownFilter)]
    search_fields = ["name", "code", "venue"]
    search_help_text = "Tên, mã hoặc địa điểm"
    date_hierarchy = "on"
    autocomplete_fields = ["plan"]
    fieldsets = [
        ("Sự kiện", {"fields": ["unit", "plan", "code", "name", "expected"]}),
        ("Thời gian, địa điểm", {"fields": ["on", "starts_at", "venue", "nominate_by"]}),
        ("Ghi chú", {"fields": ["note"]}),
    ]
    formfield_overrides = {}
    inlines = [AgendaInline, CommitteeInline, TaskInline, BodyInline, SpeechInline]
    verbs = [
        Verb("announce", "Thông báo cho các đơn vị", "events.change_event", (Event.State.DRAFT,),
             done="Đã thông báo; mỗi đơn vị thấy số đại biểu của mình.", icon="campaign",
             explain="Phân bổ phải khớp: các dòng cộng lại bằng số đại biểu dự kiến, phần giao đơn vị bằng từng dòng."),
        Verb("copy_from", "Chép từ sự kiện trước", "events.change_event", (Event.State.DRAFT,), CopyForm,
             "Đã chép phân bổ, chương trình, ban tổ chức và phân công.", icon="content_copy",
             explain="Chép phân bổ đại biểu, chương trình, ban tổ chức và phân công công việc; không chép tên đại biểu, ngày, hạn."),
        Verb("reopen", "Thu hồi để sửa phân bổ", "events.change_event", (Event.State.ANNOUNCED,),
             done="Đã thu hồi thông báo, phân bổ sửa được.", icon="undo"),
        Verb("hold", "Ghi nhận đã tổ chức", "events.change_event", (Event.State.ANNOUNCED,),
             done="Đã ghi nhận sự kiện đã tổ chức.", icon="event_available",
             explain="Cửa đón đại biểu đóng, danh sách trên các máy ở cửa được xóa, đề cử và chỗ ngồi không sửa nữa."),
        Verb("resume", "Mở lại sự kiện", "events.change_event", (Event.State.HELD,), ReasonForm,
             "Đã mở lại; cửa đón đại biểu mở đến hết ngày tổ chức.", icon="lock_open"),
        Verb("attach", "Đính kèm tệp", "events.change_event", (), FilesForm, "Đã lưu tệp kèm theo.", icon="attach_file"),
    ]  # fmt: skip

    class Media:
        css = {"all": ["events/events.css"]}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "expected":
            kwargs["form_class"] = WholeNumberField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, event):
        return event.state, event.get_state_display()

    @admin.display(description="mở")
    def links(self, event):
        return format_html(
            '<a class="text-primary-600" href="{}">Phân bổ</a>', reverse("events:event_quota", args=[event.pk])
        )

    def get_fieldsets(self, request, obj=None):
        shown = super().get_fieldsets(request, obj)
        return [*shown, ("Theo dõi", {"fields": ["state", "files"]})] if obj else shown

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "state", "files", *self._settled(obj)]

    def _settled(self, event) -> list[str]:
        """What units were told stays; a day or a hall may still change."""
        return ["expected", "code"] if event and event.state != Event.State.DRAFT else []

    @admin.display(description="tệp kèm theo")
    def files(self, event):
        about = StoredFile.objects.filter(subject_kind__model="event", subject_id=str(event.pk)).order_by("created_at")
        links = [(reverse("welfare:file", args=[file.pk]), file.name) for file in about]
        return format_html_join(mark_safe("<br>"), '<a class="text-primary-600" href="{}">{}</a>', links) or "–"

    def get_inlines(self, request, obj):
        """Units read what concerns them on their own page, not the whole province's lines."""
        return super().get_inlines(request, obj) if obj and request.user.reach.province else []

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.state != Event.State.HELD)

    def get_changeform_initial_data(self, request):
        return {"unit": request.user.unit_id, **super().get_changeform_initial_data(request)}

    def _buttons(self, request, row):
        pages = [("Bảng phân bổ đại biểu", "table_chart", "event_quota")]
        if request.user.reach.province:
            pages += [
                ("Theo dõi đại biểu", "monitoring", "event_board"),
                ("Chỗ ngồi", "event_seat", "seating"),
                ("Có mặt", "where_to_vote", "event_attendance"),
                ("Kết quả chăm lo", "bar_chart", "event_results"),
                ("Giấy mời", "mail", "event_invitations"),
            ]
        else:
            pages += [("Đại biểu của đơn vị", "group_add", "unit_event")]
        pages.append(("Giấy tờ, in ấn", "print", "event_papers"))
        shown = [
            {"label": label, "icon": icon, "url": reverse(f"events:{name}", args=[row.pk])}
            for label, icon, name in pages
        ]
        return [*shown, *_budget_button(request.user, row), *super()._buttons(request, row)]

    def may_do(self, request, row, verb):
        return super().may_do(request, row, verb) and request.user.reach_for(verb.permission).may_write(row.unit_id)
