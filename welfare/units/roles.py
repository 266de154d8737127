from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class AppointmentBackend(ModelBackend):
    """Permissions are those of the roles a user holds today; an ended or unconfirmed appointment gives none.

    That a permission is held somewhere says nothing of where it counts: ``User.reach_for`` does.
    """

    def get_all_permissions(self, user, obj=None) -> frozenset[str]:
        if not user.is_active or user.is_anonymous or obj is not None:
            return frozenset()
        return _all_views() if user.is_system else user.permissions

    def get_user_permissions(self, user, obj=None):
        return self.get_all_permissions(user, obj)

    def get_group_permissions(self, user, obj=None):
        return set()


def _all_views() -> frozenset[str]:
    """The system account, which nobody signs in as, reads everything for commands run at the server's console."""
    views = Permission.objects.filter(codename__startswith="view_")
    return frozenset(f"{app}.{codename}" for app, codename in views.values_list("content_type__app_label", "codename"))
