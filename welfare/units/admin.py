from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from welfare.audit import AuditEvent, record
from welfare.imports import CatalogueExport, CatalogueImport
from welfare.scoped_admin import CatalogueAdmin, ScopedAdmin, ScopedInline
from welfare.units.models import (
    Appointment,
    Department,
    Letterhead,
    Organization,
    Unit,
    UnitKeeper,
    UnitKind,
    UnitYear,
    User,
)
from welfare.verbs import Verb, VerbsMixin

admin.site.unregister(Group)


class StructureAdmin(ScopedAdmin):
    """The organisation itself: within what all of the user's appointments reach."""

    def _reach(self, user):
        return user.structure_reach


@admin.register(UnitKind)
class UnitKindAdmin(CatalogueAdmin):
    list_display = ["name", "level"]


class LetterheadInline(ScopedInline):
    model = Letterhead


class UnitYearInline(ScopedInline):
    model = UnitYear


class UnitKeeperInline(ScopedInline):
    model = UnitKeeper


class UnitForm(forms.ModelForm):
    def clean(self):
        """A successor reads the rows of the unit it took over, so only a unit that has ended has one."""
        super().clean()
        if self.cleaned_data.get("successors") and not self.cleaned_data.get("valid_to"):
            self.add_error("successors", "Chỉ đơn vị đã có ngày kết thúc hoạt động mới có đơn vị kế thừa.")


@admin.register(Unit)
class UnitAdmin(CatalogueExport, StructureAdmin):
    unit_field = None
    export_fields = ("code", "name", "short_name", "kind__name", "valid_from", "valid_to")
    list_display = ["name", "code", "kind", "valid_from", "valid_to"]
    list_filter = ["kind"]
    list_select_related = ["kind"]
    search_fields = ["name", "short_name", "code"]
    search_help_text = "Tên hoặc mã đơn vị"
    fields = ["kind", "code", "name", "short_name", "valid_from", "valid_to", "successors"]
    autocomplete_fields = ["successors"]
    form = UnitForm
    inlines = [UnitYearInline, LetterheadInline, UnitKeeperInline]
    ordering = ["path"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "successors" in form.changed_data:
            record(AuditEvent.Action.PERMISSION, request=request, subject=form.instance, unit=form.instance)

    def save_model(self, request, obj, form, change):
        """A new unit hangs under the province; its place in the tree never changes afterwards."""
        if change:
            return super().save_model(request, obj, form, change)
        root = Unit.objects.get_first_root_node()
        Unit.objects.add_child(root, instance=obj) if root else Unit.objects.add_root(instance=obj)


@admin.register(Department)
class DepartmentAdmin(StructureAdmin):
    list_display = ["name", "short_name", "code", "unit"]
    list_select_related = ["unit"]
    search_fields = ["name", "short_name"]


@admin.register(Organization)
class OrganizationAdmin(CatalogueImport, CatalogueAdmin):
    export_fields = ("name", "short_name", "kind", "form_of_address")
    import_id_fields = ("name",)
    list_display = ["name", "short_name", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "short_name"]
    search_help_text = "Tên tổ chức"
    autocomplete_fields = ["successors"]


@admin.register(User)
class UserAdmin(StructureAdmin, DjangoUserAdmin):
    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ["username", "full_name", "job_title", "unit", "is_active", "last_login"]
    list_filter = ["is_active", "unit"]
    list_select_related = ["unit"]
    search_fields = ["username", "full_name"]
    search_help_text = "Tên đăng nhập hoặc họ tên"
    ordering = ["username"]
    filter_horizontal = []
    autocomplete_fields = ["unit"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Người dùng", {"fields": ["full_name", "job_title", "unit", "phone", "email", "is_active"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "full_name", "job_title", "unit", "password1", "password2"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        return []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        _record_account(request, obj, form.changed_data if change else ["created"])

    def user_change_password(self, request, id, form_url=""):
        account = self.get_object(request, id)
        if account is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, id)
        before = account.password
        response = super().user_change_password(request, id, form_url)
        account.refresh_from_db(fields=["password"])
        if account.password != before:
            _record_account(request, account, ["password"])
            self._ask_leader_again(request, account)
        return response

    def _ask_leader_again(self, request, account):
        """Whoever sets a password could sign in with it: roles over people's data wait for a leader once more."""
        if account.pk == request.user.pk:
            return
        data_roles = account.appointments.filter(role__handles_people=True, confirmed_at__isnull=False)
        if data_roles.update(granted_by=request.user, confirmed_by=None, confirmed_at=None):
            messages.warning(request, "Đã đổi mật khẩu; các phân công của người này chờ lãnh đạo xác nhận lại.")


def _record_account(request, account, changed):
    """Who may sign in, and as whom, is a matter of permissions; only the names of the fields are kept."""
    detail = {"changed": sorted(changed)}
    record(AuditEvent.Action.PERMISSION, request=request, subject=account, unit=account.unit, detail=detail)


@admin.register(Appointment)
class AppointmentAdmin(VerbsMixin, StructureAdmin):
    list_display = ["user", "role", "unit", "department", "valid_from", "valid_to", "is_confirmed"]
    list_filter = ["role", "unit"]
    list_select_related = ["user", "role", "unit", "department"]
    search_fields = ["user__username", "user__full_name"]
    search_help_text = "Người được phân công"
    autocomplete_fields = ["user", "unit"]
    readonly_fields = ["granted_by", "confirmed_by", "confirmed_at"]
    verbs = [
        Verb("confirm", "Xác nhận phân công", "welfare.confirm_appointment", icon="verified_user",
             explain="Người được phân công làm việc với dữ liệu cá nhân ngay sau khi xác nhận.",
             done="Đã xác nhận, phân công có hiệu lực ngay."),
    ]  # fmt: skip

    @admin.display(description="có hiệu lực", boolean=True)
    def is_confirmed(self, appointment):
        return bool(appointment.confirmed_at) or not appointment.role.handles_people

    def has_change_permission(self, request, obj=None):
        """Nobody edits their own appointments."""
        return super().has_change_permission(request, obj) and (obj is None or obj.user_id != request.user.pk)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "user":
            field.queryset = field.queryset.exclude(pk=request.user.pk)
        return field

    def save_model(self, request, obj, form, change):
        """Any change needs a leader's confirmation anew where the role handles people's data."""
        obj.granted_by, obj.confirmed_by, obj.confirmed_at = request.user, None, None
        super().save_model(request, obj, form, change)
        record(AuditEvent.Action.PERMISSION, actor=request.user, subject=obj, unit=obj.unit)
        if obj.role.handles_people:
            messages.warning(request, "Phân công có hiệu lực sau khi lãnh đạo xác nhận.")

    def _buttons(self, request, row):
        waits = row.role.handles_people and not row.confirmed_at
        return super()._buttons(request, row) if waits else []
