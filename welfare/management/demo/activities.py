"""What units held, keep running, praised and signed: activities of two Tết seasons and two years beside them."""

from datetime import date, timedelta
from functools import partial
from random import Random

from programs.models import Activity, ActivityKind, Award, AwardForm, CareModel, CareModelKind, PartnerAgreement
from welfare.management.demo.province import Act, Province, tet
from welfare.management.demo.units import UPPER_CODES
from welfare.models import Organization

_SEED = 84  # of its own, so that what the other modules draw stays as it is
_PLANNED_DAYS_BEFORE = 70
# unit, kind, name, place, registered so many days ago, evaluated so many days ago (None: never), result, ended.
_MODELS = [
    ("BATRI", "mutual_fund", "Quỹ tương hỗ CĐCS Công ty May Vàm Nước", "Xã An Đức", 700, 80, "good", False),
    ("KCN", "union_shop", "Điểm bán hàng Công đoàn KCN Giao Long", "KCN Giao Long", 620, 150, "good", False),
    ("KCN", "union_clinic", "Điểm khám bệnh Công đoàn KCN An Hiệp", "KCN An Hiệp", 540, None, "", False),
    ("CHAUTHANH", "law_bookcase", "Tủ sách pháp luật khu nhà trọ Tân Thạch", "Xã Tân Thạch", 480, 200, "fair", False),
    ("THANHPHO", "culture_point", "Điểm sinh hoạt văn hóa công nhân Phường 8", "Phường 8", 400, 35, "good", False),
    ("GIONGTROM", "mutual_fund", "Quỹ tương hỗ Hợp tác xã Thủ công", "Xã Phong Nẫm", 310, 120, "fair", False),
    ("KCN", "self_governed_housing", "Tổ tự quản khu nhà trọ An Phước", "Xã An Phước", 260, 60, "fair", False),
    ("YTE", "insurance_cards", "Tặng thẻ bảo hiểm y tế cho thân nhân đoàn viên", "", 190, None, "", False),
    ("MOCAYNAM", "union_meal", "Bữa cơm Công đoàn hằng quý", "Thị trấn Mỏ Cày", 500, 300, "poor", True),
    ("BINHDAI", "union_shop", "Điểm bán hàng Công đoàn Bình Đại", "Thị trấn Bình Đại", 40, None, "", False),
    ("CHOLACH", "law_bookcase", "Tủ sách pháp luật khu nhà trọ", "Xã Vĩnh Thành", 12, None, "", False),
]  # fmt: skip
# unit, form, person or code of a unit or name of an organization, where the person works, occasion, months ago.
_AWARDS = [
    ("LDLD", "certificate", "Nguyễn Thị Ngọc Diễm", "Tổ trưởng tổ may, Công ty TNHH May An Hiệp", "Tháng Công nhân", 18),
    ("LDLD", "certificate", "GIAYPHUTHUAN", "", "Tổng kết hoạt động công đoàn năm", 11),
    ("LDLD", "golden_board", "Công ty TNHH Giày Phú Thuận", "", "Doanh nghiệp vì người lao động", 7),
    ("LDLD", "golden_board", "Công ty CP Thủy sản Bến Xanh", "", "Doanh nghiệp vì người lao động", 7),
    ("LDLD", "certificate", "Trần Văn Lợi", "Công nhân, Công ty CP Thủy sản Bến Xanh", "Tháng Công nhân", 6),
    ("LDLD", "certificate", "KCN", "", "Phong trào Lao động giỏi, Lao động sáng tạo", 5),
    ("BATRI", "commendation", "Lê Thị Bé Sáu", "CĐCS Công ty TNHH May Vàm Nước", "Tháng Công nhân", 6),
    ("BATRI", "commendation", "Phan Văn Út", "Trạm Y tế xã An Đức", "Phong trào thi đua năm", 4),
    ("GIONGTROM", "commendation", "THUCONGRACHMIEU", "", "Phong trào thi đua năm", 4),
    ("YTE", "honour", "Võ Thị Kim Tuyền", "Điều dưỡng, Bệnh viện huyện", "Ngày Thầy thuốc Việt Nam", 9),
    ("GIAODUC", "honour", "Huỳnh Minh Tâm", "Giáo viên trường tiểu học", "Ngày Nhà giáo Việt Nam", 1),
    ("KCN", "commendation", "Đặng Thị Hồng Gấm", "Công nhân, Công ty TNHH Giày Phú Thuận", "Tháng Công nhân", 6),
]  # fmt: skip
# who signed, partner, offer, discount, level or unit codes, started and ends so many days from today, score of reviews.
_AGREEMENTS = [
    ("LDLD", "Công ty CP Thủy sản Bến Xanh", "Bán thủy sản đóng gói cho đoàn viên tại các điểm bán hàng Công đoàn",
     "giảm 10 - 15% giá bán lẻ", 0, -400, 330, (5, 4, 4)),
    ("LDLD", "Công ty TNHH Điện mặt trời Thạnh Hải", "Lắp điện mặt trời mái nhà trả góp cho gia đình đoàn viên",
     "giảm 8%, trả góp 24 tháng không lãi", 2, -330, 35, (4, 3)),
    ("LDLD", "Ngân hàng Nông nghiệp và Phát triển nông thôn chi nhánh tỉnh", "Cho vay tiêu dùng qua bảo lãnh của CĐCS",
     "giảm 1,5 điểm phần trăm lãi suất", 3, -200, None, ()),
    ("LDLD", "Công ty CP Vận tải Rạch Miễu Xanh", "Vé xe về quê dịp tết cho công nhân các khu công nghiệp",
     "giảm 20% giá vé", ("KCN", "THANHPHO"), -420, -20, (5, 5)),
    ("KCN", "Công ty TNHH Thực phẩm Cồn Phụng", "Suất ăn giữa ca và quà tết cho các CĐCS trong khu công nghiệp",
     "giảm 12% hóa đơn", 3, -150, 50, (4,)),
]  # fmt: skip


class Care:
    def __init__(self, province: Province):
        self._province, self._random = province, Random(_SEED)
        self._kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
        self._organizations = {one.name: one for one in Organization.objects.all()}

    def acts(self) -> list[Act]:
        return [*self._activities(), *self._models(), *self._awards(), *self._agreements()]

    # Activities ------------------------------------------------------------------------------------

    def _activities(self) -> list[Act]:
        acts = []
        for year in (self._province.coming_tet - 1, self._province.coming_tet):
            acts += self._of_tet(year)
        for year in (self._province.year - 1, self._province.year):
            acts += self._of_year(year)
        return [*acts, *self._unfinished()]

    def _of_tet(self, year) -> list[Act]:
        new_year = tet(year)
        acts = [self._tet_gathering(code, n, year) for n, code in enumerate(UPPER_CODES)]
        market = partial(self._story, season_year=year, gifts=0)
        acts.append(market("KCN", "tet_market", f"Chợ Tết Công đoàn {year}", "KCN Giao Long",
                           new_year - timedelta(days=16), 1_500, cost=180_000_000, source="donor"))  # fmt: skip
        acts.append(market("LDLD", "union_bus", f"Chuyến xe Công đoàn {year}", "Bến xe tỉnh",
                           new_year - timedelta(days=6), 320, cost=96_000_000, source="fund"))  # fmt: skip
        return [act for story in acts for act in story]

    def _tet_gathering(self, code, n, year) -> list[Act]:
        on = self._province.working_day(tet(year) - timedelta(days=12 + n % 14))
        gifts = self._random.randint(6, 40) * 10
        return self._story(code, "tet_sum_vay", f"Tết Sum vầy {year}", "Hội trường đơn vị", on, gifts * 2,
                           gifts=gifts, gifts_value=gifts * 300_000, cost=gifts * 500_000, season_year=year)  # fmt: skip

    def _of_year(self, year) -> list[Act]:
        acts = []
        for n, code in enumerate(UPPER_CODES):
            on = self._province.working_day(date(year, 5, 4 + n))
            acts += self._story(code, "workers_month", f"Tháng Công nhân năm {year}", "Nhà văn hóa huyện", on,
                                self._random.randint(80, 400), gifts=20, gifts_value=10_000_000, cost=35_000_000)  # fmt: skip
            on = self._province.working_day(date(year, 8 + n % 3, 6 + n))
            kind, title = [("training", "Tập huấn công tác chăm lo phúc lợi"), ("dialogue", "Đối thoại tại doanh nghiệp"),
                           ("culture_sport", "Hội thao công nhân, viên chức, lao động")][n % 3]  # fmt: skip
            acts += self._story(code, kind, title, "", on, self._random.randint(40, 180), cost=12_000_000)
        acts += self._story("GIAYPHUTHUAN", "union_meal", f"Bữa cơm Công đoàn năm {year}", "Nhà ăn công ty",
                            self._province.working_day(date(year, 7, 24)), 5_800, cost=290_000_000, source="enterprise",
                            payer="Công ty TNHH Giày Phú Thuận")  # fmt: skip
        return acts

    def _unfinished(self) -> list[Act]:
        """One whose day passed without a word, one that was called off."""
        gone, called_off = self._province.today - timedelta(days=6), self._province.today + timedelta(days=9)
        planned = self._story(
            "BATRI", "visit", "Tham quan về nguồn cho công nhân tiêu biểu", "Khu di tích Đồng Khởi", gone, 45
        )
        off = []
        day = self._province.today - timedelta(days=2)
        return [
            planned[0],
            Act(day - timedelta(days=9), lambda: off.append(self._plan("GIONGTROM", "culture_sport", "Hội thi cắm hoa",
                                                                        "Nhà văn hóa huyện", called_off, 60))),
            Act(day, lambda: off[0].cancel(self._officer("GIONGTROM"), reason="Trùng lịch hội nghị tổng kết của huyện.")),
        ]  # fmt: skip

    def _story(self, code, kind, title, place, on, people, *, cost=0, source="union", payer="", **fields) -> list[Act]:
        """Planned some weeks ahead, and held on its day with its costs."""
        made = []

        def hold():
            made[0].hold(self._officer(code), on=on)
            if cost:
                made[0].costs.create(source=source, payer=payer, amount=cost)

        planned_on = on - timedelta(days=_PLANNED_DAYS_BEFORE)
        return [
            Act(planned_on, lambda: made.append(self._plan(code, kind, title, place, on, people, **fields))),
            Act(on, hold),
        ]

    def _plan(self, code, kind, title, place, on, people, **fields) -> Activity:
        return Activity.objects.create(
            unit=self._province.units[code], kind=self._kinds[kind], title=title, place=place, held_on=on,
            participants=people, created_by=self._officer(code), **fields,
        )  # fmt: skip

    def _officer(self, code):
        return self._province.users["canbo"] if code == "LDLD" else self._province.officer(self._province.units[code])

    # Models, awards, agreements --------------------------------------------------------------------

    def _models(self) -> list[Act]:
        kinds = {kind.code: kind for kind in CareModelKind.objects.all()}
        return [act for row in _MODELS for act in self._model(kinds, *row)]

    def _model(self, kinds, code, kind, name, place, registered, evaluated, result, ended) -> list[Act]:
        made, by = [], self._officer(code)
        ago = lambda days: self._province.today - timedelta(days=days)  # noqa: E731
        acts = [
            Act(ago(registered), lambda: made.append(CareModel.objects.create(
                unit=self._province.units[code], kind=kinds[kind], name=name, place=place, registered_on=ago(registered),
                created_by=by))),
        ]  # fmt: skip
        if registered > 60:
            started = ago(registered - 30)
            acts.append(Act(started, lambda: made[0].start(by, on=started)))
        if evaluated:
            acts.append(Act(ago(evaluated), lambda: made[0].evaluate(by, result=result, on=ago(evaluated))))
        if ended:
            why = "Doanh nghiệp đã tự tổ chức bữa ăn, đoàn viên không còn nhu cầu."
            acts.append(Act(ago(evaluated - 30), lambda: made[0].end(by, reason=why, on=ago(evaluated - 30))))
        return acts

    def _awards(self) -> list[Act]:
        forms = {form.code: form for form in AwardForm.objects.all()}
        return [self._award(forms, n, *row) for n, row in enumerate(_AWARDS)]

    def _award(self, forms, n, code, form, whom, workplace, occasion, months) -> Act:
        on = self._province.working_day(self._province.today - timedelta(days=30 * months + n))
        recipient = {
            "recipient_unit": self._province.units.get(whom),
            "organization": self._organizations.get(whom),
            "person_name": "" if whom in self._province.units or whom in self._organizations else whom,
        }
        return Act(on, partial(
            Award.objects.create, unit=self._province.units[code], form=forms[form], awarded_on=on, workplace=workplace,
            decision_number=f"{110 + n}/QĐ-LĐLĐ", occasion=occasion, created_by=self._officer(code),
            reason="Có nhiều đóng góp trong chăm lo đời sống đoàn viên, người lao động", **recipient,
        ))  # fmt: skip

    def _agreements(self) -> list[Act]:
        return [act for n, row in enumerate(_AGREEMENTS) for act in self._agreement(n, *row)]

    def _agreement(self, n, code, partner, offer, discount, covers, starts, ends, scores) -> list[Act]:
        made, day = [], lambda days: self._province.today + timedelta(days=days)
        level, named = (covers, ()) if isinstance(covers, int) else (None, covers)

        def sign():
            made.append(
                PartnerAgreement.objects.create(
                    unit=self._province.units[code],
                    partner=self._organizations[partner],
                    offer=offer,
                    discount=discount,
                    document_number=f"{n + 3:02}/TTHT-LĐLĐ",
                    signed_on=day(starts - 5),
                    starts_on=day(starts),
                    level=level,
                    ends_on=None if ends is None else day(ends),
                    created_by=self._officer(code),
                )
            )
            made[0].units.set(self._province.units[name] for name in named)  # fmt: skip

        acts = [Act(day(starts - 5), sign)]
        reviewers = named or (UPPER_CODES if code == "LDLD" else ["GIAYPHUTHUAN"])
        for unit, score, after in zip(reviewers, scores, (90, 100, 110), strict=False):
            acts.append(Act(day(starts + after), partial(self._review, made, unit, score, day(starts + after))))
        if ends is not None and ends < 0:
            acts.append(Act(day(ends - 3), lambda: made[0].renew(
                self._officer(code), starts_on=day(ends + 1), ends_on=day(ends + 365), signed_on=day(ends - 3),
                document_number=f"{n + 30:02}/TTHT-LĐLĐ")))  # fmt: skip
        return acts

    def _review(self, made, code, score, on):
        made[0].review(self._officer(code), unit=self._province.units[code], score=score, on=on,
                       comment="Đoàn viên hài lòng" if score == 5 else "")  # fmt: skip
