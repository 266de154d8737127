from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.shortcuts import redirect
from unfold.decorators import action
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

admin.site.unregister(Group)


class StructureAdmin(ScopedAdmin):
    """The organisation itself: within what all of the user's appointments reach."""

    def _reach(self, request):
        return request.user.structure_reach


@admin.register(UnitKind)
class UnitKindAdmin(CatalogueAdmin):
    list_display = ["name", "level"]


class LetterheadInline(ScopedInline):
    model = Letterhead


class UnitYearInline(ScopedInline):
    model = UnitYear


class UnitKeeperInline(ScopedInline):
    model = UnitKeeper


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
    inlines = [UnitYearInline, LetterheadInline, UnitKeeperInline]
    ordering = ["path"]

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

    def user_change_password(self, request, id, form_url=""):
        if self.get_object(request, id) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, id)
        return super().user_change_password(request, id, form_url)


@admin.register(Appointment)
class AppointmentAdmin(StructureAdmin):
    list_display = ["user", "role", "unit", "department", "valid_from", "valid_to", "is_confirmed"]
    list_filter = ["role", "unit"]
    list_select_related = ["user", "role", "unit", "department"]
    search_fields = ["user__username", "user__full_name"]
    search_help_text = "Người được phân công"
    autocomplete_fields = ["user", "unit"]
    readonly_fields = ["granted_by", "confirmed_by", "confirmed_at"]
    actions_detail = ["confirm"]

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

    @action(description="Xác nhận phân công", permissions=["confirm"], url_path="confirm")
    def confirm(self, request, object_id):
        appointment = self.get_object(request, object_id)
        if appointment is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        self.attempt(request, lambda: appointment.confirm(request.user), "Đã xác nhận, phân công có hiệu lực ngay.")
        return redirect("admin:welfare_appointment_change", object_id)

    def has_confirm_permission(self, request, object_id=None):
        return request.user.has_perm("welfare.confirm_appointment")
