"""What the gathering of the demonstration does by the hour, who prepares it and who speaks."""

from datetime import timedelta

from events.models import AgendaItem, CommitteeMember, EventTask, Speech

_AGENDA = [
    ("Văn nghệ chào mừng", 15, "Ban Tuyên giáo - Nữ công"), ("Tuyên bố lý do, giới thiệu đại biểu", 10, "Văn phòng"),
    ("Phát biểu khai mạc gắn với báo cáo kết quả chăm lo", 15, "Thường trực LĐLĐ tỉnh"),
    ("Chiếu clip hậu phương người lao động", 10, "Ban Tuyên giáo - Nữ công"),
    ("Phát biểu cảm tưởng của công nhân lao động", 15, ""), ("Triển khai một số hoạt động tín dụng", 10, "Đơn vị phối hợp"),
    ("Trao vốn cho gia đình đoàn viên, người lao động thuộc hộ nghèo, cận nghèo", 10, "Ban Chính sách - Pháp luật"),
    ("Trao bảng tượng trưng nhà “Mái ấm công đoàn”", 10, "Ban Chính sách - Pháp luật"),
    ("Trao quà và trợ cấp khó khăn", 15, "Ban Tài chính"), ("Phát biểu của doanh nghiệp", 5, ""),
    ("Đáp từ kết thúc", 5, "Thường trực LĐLĐ tỉnh"),
]  # fmt: skip
_COMMITTEE = [
    ("lanhdao", "Trưởng ban"), ("lanhdao2", "Phó ban trực"), ("canbo", "Thành viên"), ("tuyengiao", "Thành viên"),
    ("taichinh", "Thành viên"), ("kiemtra", "Thành viên"),
]  # fmt: skip
_TASKS = [
    ("CSPL", "Tổng hợp danh sách đại biểu tham dự, bố trí sơ đồ chỗ ngồi", 10),
    ("CSPL", "Tham mưu bài phát biểu khai mạc gắn với báo cáo kết quả chăm lo", 7),
    ("TGNC", "Chuẩn bị chương trình văn nghệ, phối hợp quay clip, mời báo đài", 9),
    ("VP", "Phát hành thư mời, chuẩn bị địa điểm, trang trí hội trường", 8),
    ("TC", "Dự toán kinh phí, chuẩn bị quà tặng cho gia đình người lao động", 5),
]  # fmt: skip
_SPEECHES = [
    ("KCN", "both", "Chọn 01 hộ gia đình công nhân thuộc hộ nghèo, cận nghèo phát biểu cảm tưởng và quay clip"),
    ("KCN", "speech", "Chọn 01 Chủ tịch công đoàn cơ sở phát biểu về ý nghĩa của chương trình"),
    ("GIONGTROM", "both", "Chọn 01 hộ gia đình công nhân là hộ nghèo, cận nghèo phát biểu cảm tưởng và quay clip"),
    ("CHAUTHANH", "both", "Chọn 01 gia đình được hỗ trợ nhà đã vươn lên trong cuộc sống phát biểu cảm tưởng và quay clip"),
]  # fmt: skip
_TEXT = (
    "Kính thưa quý đại biểu, gia đình tôi là hộ cận nghèo. Nhờ công đoàn cho vay vốn nuôi bò và tặng quà dịp Tết, vợ chồng "
    "tôi yên tâm đi làm, hai con được đến trường. Tôi xin cảm ơn tổ chức công đoàn."
)


def make_programme(province, event):
    for order, (text, minutes, responsible) in enumerate(_AGENDA, 1):
        AgendaItem.objects.create(
            event=event,
            order=order,
            text=text,
            minutes=minutes,
            responsible=responsible,
            is_optional="tín dụng" in text,
        )
    for order, (username, role) in enumerate(_COMMITTEE, 1):
        user = province.users[username]
        CommitteeMember.objects.create(
            event=event, order=order, full_name=user.full_name, job=user.job_title, role=role
        )
    helper = province.users["canbo2"]
    CommitteeMember.objects.create(
        event=event, body="support", order=1, full_name=helper.full_name, job=helper.job_title
    )
    _make_tasks(province, event)
    _make_speeches(province, event)


def _make_tasks(province, event):
    for order, (code, text, days) in enumerate(_TASKS, 1):
        EventTask.objects.create(
            event=event, order=order, text=text, department=province.departments[code],
            due_on=province.today + timedelta(days=days),
        )  # fmt: skip
    EventTask.objects.create(
        event=event, order=len(_TASKS) + 1, text="Vận động nguồn lực trao vốn, quà cho người lao động của đơn vị tại chương trình",
        unit=province.units["KCN"], due_on=province.today + timedelta(days=12),
    )  # fmt: skip
    done = EventTask.objects.filter(event=event, department__code="TC").get()
    done.finish(province.users["taichinh"], result="Dự toán đã trình Thường trực.")


def _make_speeches(province, event):
    due = province.today + timedelta(days=8)
    made = [
        Speech.objects.create(event=event, unit=province.units[code], kind=kind, asked=asked, due_on=due)
        for code, kind, asked in _SPEECHES
    ]
    made[2].send(province.users["giongtrom"], speaker="Gia đình chị Phan Thị Kim Giàu, CĐCS May An Hiệp", text=_TEXT)
    made[3].send(province.users["chauthanh"], speaker="Anh Huỳnh Minh Hậu, CĐCS Thủy sản Bến Xanh", text=_TEXT)
    made[3].approve(province.users["canbo"], review="Bài gọn, giữ nguyên.")
