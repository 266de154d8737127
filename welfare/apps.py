from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class SiteConfig(AdminConfig):
    default_site = "welfare.site.WelfareSite"


class WelfareConfig(AppConfig):
    name = "welfare"
    verbose_name = "Nền tảng"

    def ready(self):
        from welfare.audit import connect_sign_in_signals
        from welfare.catalogue import write_declared_rows
        from welfare.documents import fonts  # noqa: F401  its check registers itself
        from welfare.lists import draw_headers_once

        post_migrate.connect(write_declared_rows, dispatch_uid="welfare.declared_rows")
        connect_sign_in_signals()
        draw_headers_once()
