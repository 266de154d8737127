from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from welfare.audit import AuditEvent, record
from welfare.models import Appointment, Role, Unit, UnitKind, User


class Command(BaseCommand):
    """The only way in without an administrator: whoever holds the server's console makes the first accounts."""

    help = "Tạo tài khoản đầu tiên của quản trị hệ thống hoặc lãnh đạo, và đơn vị cấp tỉnh nếu chưa có."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--role", choices=["administrator", "leader"], default="administrator")
        parser.add_argument("--full-name", default="")
        parser.add_argument("--province", default="Liên đoàn Lao động tỉnh", help="tên đơn vị cấp tỉnh khi chưa có")

    def handle(self, *, username, role, full_name, province, **options):
        if User.objects.filter(username=username).exists():
            raise CommandError(f"Đã có tài khoản “{username}”.")
        password = _asked_password()
        with transaction.atomic():
            unit = _root(province)
            user = User.objects.create_user(username, password, full_name=full_name or username, unit=unit)
            appointment = Appointment.objects.create(
                user=user, role=Role.objects.get(code=role), unit=unit, confirmed_at=timezone.now()
            )
            record(AuditEvent.Action.PERMISSION, actor=user, subject=appointment, unit=unit)
        self.stdout.write(f"Đã tạo tài khoản “{username}”, vai trò {appointment.role}.")


def _asked_password() -> str:
    password = getpass("Mật khẩu (từ 12 ký tự): ")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password


def _root(name) -> Unit:
    if root := Unit.objects.get_first_root_node():
        return root
    kind = UnitKind.objects.get(code="province")
    return Unit.objects.add_root(create_kwargs={"code": "LDLD", "name": name, "short_name": "LĐLĐ tỉnh", "kind": kind})
