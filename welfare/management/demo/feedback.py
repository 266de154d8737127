"""What people wrote to the union over the last months, at every step, one of each kind of them late."""

from datetime import date, timedelta
from random import Random

from beneficiaries.feedback.codes import new_code
from beneficiaries.feedback.days import working_days_after
from beneficiaries.feedback.receiving import Sender, receive
from beneficiaries.models import Feedback, FeedbackKind
from welfare.management.demo.province import Act, Province

_SEED = 88  # of its own, so that what the other modules draw stays as it is
# kind, unit, days ago, channel, text, sender, how far it goes: handler code or "", answer or "", end.
_ROWS = [
    ("question", "BATRI", 96, "web", "Con tôi bị bệnh tim bẩm sinh, tôi là đoàn viên công ty may thì có được hỗ trợ không, làm đơn ở đâu?",
     ("Nguyễn Thị Lài", "0912555101"), "unit", "Chị thuộc diện được hỗ trợ khó khăn. Chị nộp đơn có xác nhận bệnh viện cho công đoàn cơ sở; công đoàn huyện xét trong 10 ngày.", "close"),
    ("suggestion", "KCN", 74, "web", "Đề nghị phát quà Tết ngay tại phân xưởng cho công nhân ca đêm, vì buổi sáng chúng tôi không đến nhận được.",
     ("", ""), "unit", "Cảm ơn góp ý. Từ đợt tới đơn vị phát quà hai ca, 6 giờ và 18 giờ, tại phân xưởng.", "close"),
    ("complaint", "GIONGTROM", 61, "letter", "Gia đình tôi nằm trong danh sách bình xét nhà Mái ấm ở cơ sở nhưng danh sách gửi lên huyện lại không có.",
     ("Trần Văn Bé", "0912555102"), "CSPL", "Đã kiểm tra hồ sơ: gia đình thiếu giấy xác nhận đất ở hợp pháp. Đề nghị bổ sung trước ngày 30 tháng này để xét đợt sau.", "answer"),
    ("profiteering", "THANHPHU", 55, "web", "Quà Tết ghi 500 nghìn nhưng cán bộ phát chỉ đưa 300 nghìn, nói trừ tiền đóng góp. Nhiều người ở tổ tôi đều bị như vậy.",
     ("", ""), "inspection", "", ""),
    ("question", "THANHPHO", 40, "phone", "Mất giấy chứng nhận hộ cận nghèo thì có được xét quà Tết nữa không?",
     ("Lê Thị Hồng", "0912555103"), "unit", "Được. Chị xin Ủy ban nhân dân phường cấp bản sao hoặc xác nhận là đủ.", "close"),
    ("suggestion", "", 33, "web", "Nên có danh sách hỗ trợ công khai trên trang của công đoàn để mọi người cùng giám sát.",
     ("", ""), "CSPL", "", ""),
    ("complaint", "CHAUTHANH", 29, "visit", "Tôi nghỉ sinh nên không được báo nhận hỗ trợ Tháng Công nhân, đề nghị xem lại.",
     ("Phạm Thị Út", "0912555104"), "unit", "", ""),
    ("question", "YTE", 18, "web", "Vay vốn Quỹ Tương trợ cần những giấy tờ gì và bao lâu thì được giải ngân?",
     ("Võ Minh Tâm", "0912555105"), "unit", "", ""),
    ("complaint", "MOCAYNAM", 9, "web", "Số tiền sửa nhà được duyệt 25 triệu nhưng thợ nói mới nhận một phần, phần còn lại bao giờ có?",
     ("Đỗ Văn Mười", "0912555106"), "CSPL", "", ""),
    ("profiteering", "BINHDAI", 6, "letter", "Có người không khó khăn nhưng là bà con của cán bộ vẫn có tên trong danh sách vay vốn.",
     ("", ""), "inspection", "", ""),
    ("suggestion", "GIAODUC", 5, "web", "Xin tổ chức khám sức khỏe miễn phí cho cô nuôi dạy trẻ hợp đồng.", ("", ""), "", "", ""),
    ("question", "CHOLACH", 1, "web", "Hạn cuối nộp danh sách hỗ trợ Tết là ngày nào?", ("Mai Thị Thắm", "0912555107"), "", "", ""),
    ("suggestion", "", 20, "web", "Mua thuốc giảm cân giá rẻ, bấm vào đây.", ("", ""), "dismiss", "", ""),
]  # fmt: skip


class Letters:
    def __init__(self, province: Province):
        self._province, self._random, self.by_row = province, Random(_SEED), {}
        self._kinds = {kind.code: kind for kind in FeedbackKind.objects.all()}

    def acts(self) -> list[Act]:
        return [act for n, row in enumerate(_ROWS) for act in self._story(n, *row)]

    def _story(self, n, kind, unit, ago, channel, text, sender, to, answer, end):
        today, users = self._province.today, self._province.users
        on = self._province.working_day(today - timedelta(days=ago))
        on = min(on, today)
        yield Act(on, lambda: self._receive(n, kind, unit, on, channel, text, sender))
        then = working_days_after(on, 2)
        if to == "dismiss":
            yield Act(then, lambda: self._row(n).dismiss(
                users["canbo"], reason="Nội dung quảng cáo, không liên quan đến công đoàn.", on=then))  # fmt: skip
        elif to:
            yield Act(then, lambda: self._assign(n, to, then))
        if answer:
            yield from self._ending(n, to, answer, end, on)

    def _ending(self, n, to, answer, end, on):
        answered, closed = working_days_after(on, 7), working_days_after(on, 9)
        yield Act(answered, lambda: self._row(n).reply(self._handler(n, to), answer=answer, on=answered))
        if end == "close":
            yield Act(closed, lambda: self._row(n).close(self._province.users["canbo2"], on=closed))

    def _row(self, n) -> Feedback:
        return Feedback.objects.get(pk=self.by_row[n])

    def _receive(self, n, kind, unit, on: date, channel, text, sender):
        name = self._province.units[unit].name if unit else ""
        by = None if channel == "web" else self._province.users["canbo"]
        receive(new_code(), kind=self._kinds[kind], text=text, about=name, sender=Sender(*sender), channel=channel,
                by=by, on=on)  # fmt: skip
        self.by_row[n] = Feedback.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def _assign(self, n, to, on):
        row, department = self._row(n), self._province.departments.get(to)
        if to == "inspection":
            row.assign(self._province.users["lanhdao"], handler="inspection", on=on)
            row.note(self._province.users["kiemtra"], note="Đối chiếu danh sách ký nhận, gọi điện người nhận.", on=on)
        elif department:
            row.assign(self._province.users["canbo2"], handler="department", department=department, on=on)
        else:
            row.assign(self._province.users["canbo"], handler="unit", unit=row.unit, on=on)

    def _handler(self, n, to):
        return (
            self._province.users["canbo"]
            if to in self._province.departments
            else self._province.officer(self._row(n).unit)
        )
