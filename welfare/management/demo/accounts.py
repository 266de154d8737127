"""Accounts of the demonstration, at least one for each role, all with one password that is printed at the start."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from welfare.management.demo.province import Province
from welfare.management.demo.units import DISSOLVED_CODE
from welfare.models import Appointment, Role, User

PASSWORD = "phucloi-congdoan-2026"
# user name, role, unit, department, invented name, title.
_PEOPLE = [
    ("lanhdao", "leader", "LDLD", None, "Trần Quốc Khải", "Chủ tịch LĐLĐ tỉnh"),
    ("lanhdao2", "leader", "LDLD", None, "Phan Thị Mỹ Hạnh", "Phó Chủ tịch LĐLĐ tỉnh"),
    ("canbo", "province_officer", "LDLD", "CSPL", "Lê Minh Trí", "Trưởng Ban Chính sách - Pháp luật"),
    ("canbo2", "province_officer", "LDLD", "CSPL", "Võ Ngọc Quyên", "Chuyên viên Ban Chính sách - Pháp luật"),
    ("tuyengiao", "province_officer", "LDLD", "TGNC", "Đặng Thị Thanh Trang", "Trưởng Ban Tuyên giáo - Nữ công"),
    ("taichinh", "finance_officer", "LDLD", "TC", "Bùi Hữu Phát", "Kế toán trưởng, Ban Tài chính"),
    ("kiemtra", "inspector", "LDLD", "UBKT", "Huỳnh Công Nghĩa", "Phó Chủ nhiệm Ủy ban Kiểm tra"),
    ("kiemtra2", "inspector", "LDLD", "UBKT", "Tạ Thị Bích Ngà", "Ủy viên Ủy ban Kiểm tra"),
    ("truccua", "door_keeper", "LDLD", "VP", "Mạc Thị Tường Vi", "Nhân viên Văn phòng"),
    ("quantri", "administrator", "LDLD", "VP", "Ngô Nhật Duy", "Chuyên viên Văn phòng"),
    ("thanhpho", "unit_officer", "THANHPHO", None, "Nguyễn Thùy Trinh", "Phó Chủ tịch LĐLĐ Thành phố"),
    ("batri", "unit_officer", "BATRI", None, "Phạm Trung Hiếu", "Phó Chủ tịch LĐLĐ huyện Ba Tri"),
    ("batri2", "unit_leader", "BATRI", None, "Nguyễn Thành Đạt", "Chủ tịch LĐLĐ huyện Ba Tri"),
    ("binhdai", "unit_officer", "BINHDAI", None, "Lê Thị Cẩm Nhung", "Chuyên viên LĐLĐ huyện Bình Đại"),
    ("chauthanh", "unit_officer", "CHAUTHANH", None, "Trương Hoàng Sơn", "Phó Chủ tịch LĐLĐ huyện Châu Thành"),
    ("cholach", "unit_officer", "CHOLACH", None, "Đỗ Thị Kim Ngân", "Chuyên viên LĐLĐ huyện Chợ Lách"),
    ("giongtrom", "unit_officer", "GIONGTROM", None, "Hồ Văn Sang", "Phó Chủ tịch LĐLĐ huyện Giồng Trôm"),
    ("mocaybac", "unit_officer", "MOCAYBAC", None, "Dương Ngọc Huệ", "Chuyên viên LĐLĐ huyện Mỏ Cày Bắc"),
    ("mocaynam", "unit_officer", "MOCAYNAM", None, "Cao Đức Lộc", "Chuyên viên LĐLĐ huyện Mỏ Cày Nam"),
    ("thanhphu", "unit_officer", "THANHPHU", None, "Đoàn Thị Ngọc Ánh", "Chuyên viên LĐLĐ huyện Thạnh Phú"),
    ("kcn", "unit_officer", "KCN", None, "Lý Thế Vinh", "Phó Chủ tịch Công đoàn Các KCN"),
    ("giaoduc", "unit_officer", "GIAODUC", None, "Châu Thị Thanh Vân", "Phó Chủ tịch Công đoàn ngành Giáo dục"),
    ("yte", "unit_officer", "YTE", None, "Lương Bích Liên", "Phó Chủ tịch Công đoàn ngành Y tế"),
    ("vienchuc", "unit_officer", "VIENCHUC", None, "Nguyễn Chí Nhân", "Phó Chủ tịch Công đoàn Viên chức"),
    ("giayphuthuan", "unit_officer", "GIAYPHUTHUAN", None, "Trần Thị Kim Loan", "Chủ tịch CĐCS Giày Phú Thuận"),
]
_RETIRED = ("nongnghiep", "unit_officer", DISSOLVED_CODE, None, "Mai Quốc Phong", "Nguyên cán bộ CĐ ngành Nông nghiệp")
ACCOUNTS = [(username, PASSWORD, title) for username, *_, title in _PEOPLE]


def make_accounts(province: Province):
    password = make_password(PASSWORD)  # one slow hash for all of them
    roles = {role.code: role for role in Role.objects.all()}
    User.objects.create(username="hethong", full_name="Hệ thống", is_system=True, unit=province.root,
                        password=make_password(None))  # fmt: skip
    made = [_appoint(province, row, roles, password) for row in (*_PEOPLE, _RETIRED)]
    _confirm(province, [appointment for appointment in made if appointment.role.handles_people])
    _retire(province.users["nongnghiep"], province.units[DISSOLVED_CODE].valid_to)


def _appoint(province, row, roles, password) -> Appointment:
    username, role, unit, department, full_name, title = row
    user = User.objects.create(
        username=username, full_name=full_name, job_title=title, unit=province.units[unit], password=password
    )
    province.users[username] = user
    return Appointment.objects.create(
        user=user, role=roles[role], unit=user.unit, department=province.departments.get(department),
        valid_from=date(province.year - 3, 1, 1), granted_by=province.users.get("quantri"),
    )  # fmt: skip


def _confirm(province, appointments):
    """The first leader's appointment is confirmed by nobody, as on any new system; the leader confirms the others."""
    first, *others = appointments
    first.confirmed_at = timezone.now()
    first.save()
    leader = province.users["lanhdao"] = User.objects.get(username="lanhdao")
    for appointment in others:
        appointment.confirm(leader)
    province.users |= {user.username: user for user in User.objects.filter(is_system=False)}


def _retire(user: User, last_day: date):
    """The history of a dissolved unit keeps its officer; the account is closed with the unit."""
    appointment = user.appointments.get()
    appointment.valid_to = last_day
    appointment.save()
