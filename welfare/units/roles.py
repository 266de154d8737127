from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class AppointmentBackend(ModelBackend):
    """Permissions are those of the roles a user holds today; an ended or unconfirmed appointment gives none."""

    def get_all_permissions(self, user, obj=None) -> set[str]:
        if not user.is_active or user.is_anonymous or obj is not None:
            return set()
        if not hasattr(user, "_permissions_today"):
            granted = _granted_to(user).values_list("content_type__app_label", "codename")
            user._permissions_today = {f"{app}.{codename}" for app, codename in granted}
        return user._permissions_today

    def get_user_permissions(self, user, obj=None):
        return self.get_all_permissions(user, obj)

    def get_group_permissions(self, user, obj=None):
        return set()


def _granted_to(user):
    """The system account, which nobody signs in as, reads everything for commands run at the server's console."""
    if user.is_system:
        return Permission.objects.filter(codename__startswith="view_")
    return Permission.objects.filter(role__in={appointment.role_id for appointment in user.appointments_in_force})
