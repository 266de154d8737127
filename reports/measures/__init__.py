"""What the ledger counts. An indicator names one of ``MEASURES`` and may narrow it (``Indicator.measure``, ``options``).

``MEASURES`` (named in ``settings.MEASURES``) is {code: measure}. ``counting.py`` fills ``Actual`` from it and ``reports/rows/``
lists the same rows, so that a figure and what it opens can't drift apart.
"""

from django.db.models import F, Sum

from beneficiaries.models import House, LoanProject
from programs.models import Indicator
from reports.measures import ledger
from reports.measures.kinds import (
    HUMAN,
    Distinct,
    DistinctUnits,
    Measure,
    Parts,
    Reached,
    Roster,
    Share,
    Stock,
    Total,
)
from reports.measures.options import (
    ACTIVITY,
    AWARD,
    BOUND,
    CONSTRUCTION,
    FUND,
    HARDSHIP,
    HELD,
    HOUSE_KIND,
    LENT_FROM,
    MODEL,
    NAMED,
    RENEWAL,
    STAGE,
    STANDING,
    WAY_OF_MONEY,
    level,
    occasion,
    source,
)
from welfare.units.models import Unit

__all__ = [
    "MEASURES", "Distinct", "Measure", "Parts", "Reached", "Roster", "Share", "Stock", "Total", "counted_indicators",
    "measure_of",
]  # fmt: skip

_HOUSES, _GRANTS, _PEOPLE = frozenset({"houses"}), frozenset({"grants"}), frozenset({"people"})
_VISITS, _LOANS, _CAMPAIGNS = frozenset({"visits"}), frozenset({"loans"}), frozenset({"campaigns"})
_ACTIVITIES, _FUNDS = frozenset({"activities"}), frozenset({"funds"})
SOURCES = _FUNDS | _HOUSES | _GRANTS | _PEOPLE | _VISITS | _LOANS | _CAMPAIGNS | _ACTIVITIES
_LEVEL = level("unit__kind__level")
_LAST_PAID = (
    "Mỗi người một dòng mỗi năm: khoản hỗ trợ được chi gần nhất; số tiền là của riêng khoản đó, không phải cả năm."
)
_GIVEN = (occasion("round__occasion__code"), _LEVEL)

MEASURES = {
    measure.code: measure
    for measure in (
        Total(
            "houses", "Nhà",
            "Số nhà có ngày của giai đoạn được chọn nằm trong kỳ.",
            _HOUSES, House.objects.all, (STAGE, HOUSE_KIND, CONSTRUCTION, _LEVEL),
        ),
        Stock(
            "houses_standing", "Nhà đang ở một bước",
            "Số nhà đang ở bước được chọn vào ngày cuối kỳ, không kể hồ sơ không duyệt hoặc đã rút.",
            _HOUSES, lambda: House.objects.standing(), (STANDING, HOUSE_KIND, CONSTRUCTION, _LEVEL),
        ),
        Total(
            "gifts", "Suất quà, suất hỗ trợ đã trao",
            "Số suất của các khoản hỗ trợ đã chi trong kỳ, cả suất không ghi tên.",
            _GRANTS, ledger.grants_paid, (*_GIVEN, NAMED), has_seasons=True, amount=Sum("people_count"),
        ),
        Total(
            "support_money", "Tiền hỗ trợ đã chi",
            "Tiền mặt và giá trị hiện vật của các khoản đã chi trong kỳ.",
            _GRANTS, ledger.grants_paid, (*_GIVEN, NAMED), has_seasons=True, amount=Sum(F("cash") + F("in_kind_value")),
        ),
        Distinct(
            "people_supported", "Người được hỗ trợ",
            "Số người khác nhau được chi hỗ trợ từ đầu năm đến cuối kỳ.",
            _GRANTS, ledger.people_paid, _GIVEN, has_seasons=True, key=HUMAN, stands=_LAST_PAID,
        ),
        Distinct(
            "people_helped", "Người được hỗ trợ theo hoàn cảnh",
            "Số người khác nhau có hoàn cảnh được chọn trong năm và được chi hỗ trợ trong năm đó, từ đầu năm đến cuối kỳ. "
            "Người có nhiều hoàn cảnh được tính ở mỗi hoàn cảnh.",
            _GRANTS | _PEOPLE, ledger.people_paid, (HARDSHIP, *_GIVEN), needs="beneficiaries.view_hardship", key=HUMAN,
            stands=_LAST_PAID,
        ),
        Total(
            "fund_money", "Tiền thu, chi của các quỹ",
            "Tiền thu vào hoặc chi ra của các quỹ có ngày ghi sổ trong kỳ, kể cả tiền chuyển giữa các quỹ, không kể số dư "
            "đầu kỳ; khoản ghi đảo trừ vào khoản đã ghi.",
            _FUNDS, ledger.fund_money, (WAY_OF_MONEY,), unit="fund__unit", amount=Sum("money"),
        ),
        Total(
            "visits", "Lượt thăm hỏi",
            "Số lượt thăm hỏi có ngày thăm trong kỳ, tính cho đơn vị của người được thăm.",
            _VISITS, ledger.visits, (occasion("occasion__code"),), unit="person_unit",
        ),
        Distinct(
            "people_visited", "Người được thăm hỏi",
            "Số người khác nhau được thăm hỏi từ đầu năm đến cuối kỳ.",
            _VISITS, ledger.visits, (occasion("occasion__code"),), unit="person_unit", key=HUMAN,
            stands="Mỗi người một dòng mỗi năm: lần được thăm gần nhất.",
        ),
        Reached(
            "people_reached", "Tỷ lệ người khó khăn được thăm hỏi, hỗ trợ",
            "Tử số: người có hoàn cảnh trong năm đã được thăm hỏi hoặc được chi hỗ trợ trong năm đó. "
            "Mẫu số: mọi người có hoàn cảnh trong năm. Mỗi người tính một lần, ở đơn vị của mình lúc ghi nhận hoàn cảnh.",
            _GRANTS | _PEOPLE | _VISITS, ledger.people_in_need,
            ways=(ledger.paid, ledger.visited), reach=ledger.reached, unreached=ledger.unreached,
            order=("year", "known_on", "pk"), noun="người", missing="Chỉ xem người chưa được thăm, hỗ trợ",
        ),
        Distinct(
            "poor_households", "Hộ nghèo, cận nghèo được ghi nhận",
            "Số hộ có diện hộ nghèo hoặc cận nghèo của năm.",
            _PEOPLE, ledger.poor_households, key="household", order=("year", "pk"),
        ),
        Total(
            "loans", "Khoản vay đã duyệt",
            "Số khoản vay có ngày duyệt trong kỳ.",
            _LOANS, ledger.loans_approved, (source("source"), _LEVEL),
        ),
        Total(
            "loan_money", "Tiền vay đã duyệt",
            "Tổng số tiền của các khoản vay có ngày duyệt trong kỳ.",
            _LOANS, ledger.loans_approved, (source("source"), _LEVEL), amount=Sum("amount"),
        ),
        Roster(
            "loan_projects", "Tỷ lệ dự án vay vốn đúng tiến độ",
            "Tử số: dự án có lần rà soát gần nhất trong năm kết luận đúng tiến độ. "
            "Mẫu số: mọi dự án được giao đến hết năm và chưa kết thúc trước năm đó.",
            _LOANS, LoanProject.objects.all, (LENT_FROM,), of_year=ledger.loan_projects,
            noun="dự án", missing="Chỉ xem dự án chưa đúng tiến độ",
        ),
        Roster(
            "units_held", "Tỷ lệ đơn vị đã tổ chức hoạt động",
            "Tử số: đơn vị tự tổ chức ít nhất một hoạt động loại được chọn trong năm (hoạt động theo mùa tính vào năm "
            "của mùa). Mẫu số: đơn vị của cấp được chọn có ngày còn hoạt động trong năm; xét theo mùa thì trong tháng 1, "
            "tháng 2 của năm đó.",
            _ACTIVITIES, Unit.objects.all, (HELD, BOUND), unit="pk", has_seasons=True, of_year=ledger.units_bound,
            of_season=ledger.units_bound_in_season, season=ledger.season_of,
            noun="đơn vị", missing="Chỉ xem đơn vị chưa tổ chức",
        ),
        Total(
            "activities", "Hoạt động đã tổ chức",
            "Số hoạt động đã tổ chức có ngày bắt đầu trong kỳ.",
            _ACTIVITIES, ledger.activities, (ACTIVITY, _LEVEL),
        ),
        Total(
            "participants", "Lượt người tham gia hoạt động",
            "Tổng số người tham gia các hoạt động đã tổ chức có ngày bắt đầu trong kỳ.",
            _ACTIVITIES, ledger.activities, (ACTIVITY, _LEVEL), amount=Sum("participants"),
        ),
        Total(
            "agreements", "Thỏa thuận hợp tác đã ký",
            "Số thỏa thuận hợp tác với đối tác có ngày ký trong kỳ.",
            _ACTIVITIES, ledger.agreements, (RENEWAL, _LEVEL),
        ),
        Total(
            "awards", "Khen thưởng",
            "Số cá nhân, tập thể, tổ chức được khen có ngày quyết định trong kỳ, không kể đã thu hồi.",
            _ACTIVITIES, ledger.awards, (AWARD, _LEVEL),
        ),
        Stock(
            "models_running", "Mô hình chăm lo đang chạy",
            "Số mô hình đang hoạt động vào ngày cuối kỳ.",
            _ACTIVITIES, ledger.models_running, (MODEL, _LEVEL),
        ),
        DistinctUnits(
            "model_units", "Đơn vị đăng ký mô hình",
            "Số đơn vị khác nhau đăng ký mô hình từ đầu năm đến cuối kỳ.",
            _ACTIVITIES, ledger.models_registered, (MODEL, _LEVEL),
            stands="Mỗi đơn vị một dòng mỗi năm: mô hình đăng ký gần nhất.",
        ),
        Parts(
            "contributors", "Tỷ lệ đoàn viên ủng hộ quỹ",
            "Tử số: đoàn viên đã ủng hộ trong các đợt vận động do LĐLĐ tỉnh phát động, bắt đầu trong kỳ. Mẫu số: đoàn viên "
            "của mọi đơn vị được giao vận động; đơn vị chưa báo thì lấy số đoàn viên của năm trong sổ đơn vị.",
            _CAMPAIGNS, ledger.campaign_results, (FUND,), numerator=Sum("contributors"), denominator=Sum("whole"),
            noun="đoàn viên", missing="Chỉ xem đơn vị chưa có kết quả",
        ),
        Total(
            "contributed_money", "Tiền đoàn viên ủng hộ quỹ",
            "Số tiền thu được của các đợt vận động do LĐLĐ tỉnh phát động, bắt đầu trong kỳ.",
            _CAMPAIGNS, ledger.campaign_results, (FUND,), amount=Sum("amount"),
        ),
    )
}  # fmt: skip


def measure_of(indicator: Indicator) -> Measure | None:
    """How the ledger counts an indicator, narrowed as it says; None for what units report."""
    measure = MEASURES.get(indicator.measure)
    return measure and measure.narrowed(indicator.options)


def counted_indicators() -> dict[int, Measure]:
    """{indicator id: measure} of all that the ledger counts."""
    counted = Indicator.objects.filter(source=Indicator.Source.COUNTED, measure__in=MEASURES).order_by("pk")
    return {indicator.pk: measure_of(indicator) for indicator in counted}
