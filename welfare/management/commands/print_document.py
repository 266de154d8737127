from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.http import Http404

from welfare.audit import AuditEvent, record
from welfare.documents.printing import FORMATS, make_document, rendered
from welfare.jobs.models import JobFailed
from welfare.units.models import Appointment, Role, User


class Command(BaseCommand):
    help = "Print a document to a file, as the given user may read it."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=sorted(settings.DOCUMENTS))
        parser.add_argument("id", help="id of what the document is about (a plan's for plan and progress)")
        parser.add_argument("--format", choices=FORMATS, default="pdf")
        parser.add_argument("--output", type=Path, required=True)
        parser.add_argument("--user", help="user name; without it the system account prints")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="such as year=2026")

    def handle(self, **options):
        user = _user(options["user"])
        extra = dict(pair.split("=", 1) for pair in options["set"] if "=" in pair)
        try:
            document = make_document(user, options["kind"], options["id"], **extra)
            content = rendered(document, options["format"])
            options["output"].write_bytes(content)
        except (Http404, PermissionDenied, TypeError):
            raise CommandError(f"Không có văn bản này hoặc tài khoản {user.username} không được xem.") from None
        except (JobFailed, OSError) as error:
            raise CommandError(str(error)) from error
        detail = {"document": options["kind"], "id": options["id"], "format": options["format"]}
        record(AuditEvent.Action.PRINT, actor=user, unit=user.unit, detail=detail)
        self.stdout.write(str(options["output"]))


def _user(username):
    found = User.objects.filter(username=username) if username else User.objects.filter(is_system=True)
    user = found.select_related("unit").first()
    if user is None:
        raise CommandError("Không có tài khoản này; hãy ghi tên đăng nhập bằng --user.")
    if user.is_system:
        # Whoever runs commands on this machine could read the database itself: they read as the inspection does.
        inspector = Role.objects.get(code="inspector")
        user.appointments_in_force = [Appointment(user=user, role=inspector, unit=user.unit)]
    return user
