from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class AppointmentBackend(ModelBackend):
    """Permissions are those of the roles a user holds today; an ended or unconfirmed appointment gives none.

    That a permission is held somewhere says nothing of where it counts: ``User.reach_for`` does.
    """

    def get_all_permissions(self, user, obj=None) -> set[str]:
        if not user.is_active or user.is_anonymous or obj is not None:
            return set()
        if user.is_system:
            return _all_views()
        return set().union(*user.permissions_by_role.values())

    def get_user_permissions(self, user, obj=None):
        return self.get_all_permissions(user, obj)

    def get_group_permissions(self, user, obj=None):
        return set()


def _all_views() -> set[str]:
    """The system account, which nobody signs in as, reads everything for commands run at the server's console."""
    views = Permission.objects.filter(codename__startswith="view_")
    return {f"{app}.{codename}" for app, codename in views.values_list("content_type__app_label", "codename")}
