"""The way of a proposal: the unit between forwards or returns it, the round's unit decides, no maker ever approves."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from beneficiaries.grants.dossier import figures_of
from beneficiaries.grants.todo import waiting
from beneficiaries.models import Grant, Occasion, RoundFund, RoundPaper
from tests.factories import an_id, fresh, make_fund, make_grant, make_person, make_round, make_unit, make_user
from welfare.states import Refused
from welfare.units.models import today

NUMBER = "45/QĐ-LĐLĐ"


@pytest.fixture
def round(province):
    return make_round(province)


@pytest.fixture
def below(round, workplace, workplace_officer):
    """Two proposals of the workplace: 500.000 and 600.000 đồng."""
    return [
        make_grant(round, workplace, workplace_officer, make_person(workplace, national_id=an_id()), cash)
        for cash in (500_000, 600_000)
    ]


def scan(name="ky-nhan.pdf", content=b"%PDF-1.7 signed"):
    return SimpleUploadedFile(name, content)


def box(grant) -> str:
    return f"{grant.pk}:{grant.value}"


def desk(round, slug) -> str:
    return f"/dot-ho-tro/{round.pk}/{slug}/"


def text(response) -> str:
    return response.content.decode()


def states(*grants) -> list[str]:
    return list(
        Grant.objects.filter(pk__in=[grant.pk for grant in grants]).order_by("pk").values_list("state", flat=True)
    )


# Forwarding ------------------------------------------------------------------------------------


def test_what_comes_from_below_is_decided_only_when_forwarded(round, below, leader, officer, client_of):
    with pytest.raises(Refused, match="chờ công đoàn cấp trên trực tiếp chuyển lên"):
        below[0].approve(leader, decision_number=NUMBER)
    assert client_of(officer).get(desk(round, "xet-duyet")).context["whole_count"] == 0
    assert states(*below) == ["proposed"] * 2


def test_a_unit_forwards_one_list_with_its_letter(round, below, district_a, unit_officer_a, leader, client_of):
    own = make_grant(round, district_a, unit_officer_a, make_person(district_a))
    given = {
        "act": "forward",
        "grant": [box(g) for g in (*below, own)],
        "unit": district_a.pk,
        "letter_number": "12/CV",
    }
    response = client_of(unit_officer_a).post(desk(round, "chuyen"), given | {"scan": scan("cv.pdf")}, follow=True)
    assert "Đã chuyển 3 khoản, 1.600.000 đồng." in text(response)
    paper = RoundPaper.objects.get()
    assert (paper.kind, paper.number, paper.unit, paper.by) == ("letter", "12/CV", district_a, unit_officer_a)
    assert (
        list(paper.forwarded.order_by("pk").values_list("state", "forwarded_by"))
        == [("forwarded", unit_officer_a.pk)] * 3
    )
    assert round.grants.approve(leader, decision_number=NUMBER) == 3


def test_a_missing_level_falls_away(province, district_a, workplace, workplace_officer, leader, unit_leader_a):
    """A workplace right under the province, and a round of the upper unit, need no forwarding."""
    direct = make_unit("A9", "CĐCS trực thuộc", kind="grassroots", parent=province)
    in_province = make_grant(make_round(province), direct, workplace_officer, make_person(direct))
    of_district = make_round(district_a, code="A-1")
    in_district = make_grant(of_district, workplace, workplace_officer, make_person(workplace))
    in_province.approve(leader, decision_number=NUMBER)
    in_district.approve(unit_leader_a, decision_number="1/QĐ")
    assert states(in_province, in_district) == ["approved"] * 2


@pytest.mark.parametrize(
    ("who", "unit", "told"),
    [("workplace_officer", "workplace", "không thuộc"), ("workplace_officer", "district_a", "Chỉ LĐLĐ huyện An"),
     ("unit_officer_b", "district_b", "không thuộc"), ("officer", "province", "không thuộc"),
     ("leader", "district_a", "không có quyền")],
)  # fmt: skip
def test_only_the_unit_between_forwards(round, below, who, unit, told, request):
    rows = Grant.objects.filter(pk__in=[grant.pk for grant in below])
    by, unit = request.getfixturevalue(who), request.getfixturevalue(unit)
    with pytest.raises(Refused, match=told):
        rows.forward(by, unit=unit, letter_number="1/CV")
    assert (states(*below), RoundPaper.objects.count()) == (["proposed"] * 2, 0)


def test_a_list_without_a_letter_or_that_changed_is_not_forwarded(round, below, district_a, unit_officer_a):
    for given, told in (({"letter_number": " "}, "công văn"), ({"letter_number": "1", "expected": (3, 5)}, "thay đổi")):
        with pytest.raises(Refused, match=told):
            round.grants.forward(unit_officer_a, unit=district_a, **given)
    assert (states(*below), RoundPaper.objects.count()) == (["proposed"] * 2, 0)


# Returning -------------------------------------------------------------------------------------


def test_a_returned_proposal_is_corrected_and_sent_again(
    round, below, district_a, unit_officer_a, workplace_officer, client_of
):
    first = below[0]
    first.send_back(unit_officer_a, reason="Thiếu giấy xác nhận")
    client = client_of(workplace_officer)
    assert "Trả lại: Thiếu giấy xác nhận" in text(client.get(desk(round, "tra-lai")))
    change = {"people_count": 1, "cash": 450_000, "in_kind_value": 0, "reason": "Có giấy xác nhận"}
    assert client.post(f"/beneficiaries/grant/{first.pk}/change/", change).status_code == 302
    assert "Đã gửi lại 1 khoản, 450.000 đồng." in text(
        client.post(desk(round, "tra-lai"), {"act": "resubmit", "grant": f"{first.pk}:450000"}, follow=True)
    )
    first.refresh_from_db()
    assert (first.state, first.cash, first.returned_reason) == ("proposed", 450_000, "")


def test_the_province_returns_what_was_forwarded(round, below, district_a, unit_officer_a, officer):
    round.grants.forward(unit_officer_a, unit=district_a, letter_number="1/CV")
    below[0].appraise(officer)
    assert round.grants.send_back(officer, reason="Sai mức") == 2
    below[0].refresh_from_db()
    assert (below[0].state, below[0].letter, below[0].forwarded_by, below[0].appraised_by) == ("returned",) + (
        None,
    ) * 3


def test_who_has_no_say_returns_nothing(
    round, below, district_a, unit_officer_a, unit_officer_b, workplace_officer, finance
):
    for by in (unit_officer_b, workplace_officer, finance):
        with pytest.raises(Refused, match="không có quyền"):
            below[0].send_back(by, reason="x")
    round.grants.forward(unit_officer_a, unit=district_a, letter_number="1/CV")
    with pytest.raises(Refused, match="không có quyền"):
        below[0].send_back(unit_officer_a, reason="đã chuyển rồi")
    with pytest.raises(Refused, match="lý do"):
        below[0].send_back(unit_officer_a, reason=" ")
    assert states(*below) == ["forwarded"] * 2


def test_nothing_is_sent_again_in_a_closed_round_or_by_others(round, below, unit_officer_a, officer, workplace_officer):
    below[0].send_back(unit_officer_a, reason="x")
    with pytest.raises(Refused, match="Chỉ CĐCS An"):
        below[0].resubmit(unit_officer_a)
    round.close(officer)
    below[0].refresh_from_db()
    with pytest.raises(Refused, match="đã khóa"):
        below[0].resubmit(workplace_officer)
    assert states(*below) == ["returned", "proposed"]


# Whoever makes never checks --------------------------------------------------------------------


def test_who_forwarded_never_approves_also_after_a_return(round, below, district_a, officer, leader, workplace_officer):
    """The province may forward for a unit; the same officer then never approves, whatever came in between."""
    round.grants.forward(officer, unit=district_a, letter_number="1/CV")
    with pytest.raises(Refused, match="không được phê duyệt"):
        below[0].approve(officer, decision_number=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=below[0].pk).update(approved_by=officer)
    round.grants.send_back(leader, reason="Sai mức")
    round.grants.resubmit(workplace_officer)
    round.grants.forward(fresh(workplace_officer_of(district_a)), unit=district_a, letter_number="2/CV")
    with pytest.raises(Refused, match="không được phê duyệt"):
        round.grants.approve(officer, decision_number=NUMBER)
    assert round.grants.of_others(officer).count() == 0
    assert round.grants.approve(leader, decision_number=NUMBER) == 2


def workplace_officer_of(unit):
    return make_user("canboa2", "unit_officer", unit)


def test_who_changed_an_amount_never_approves(round, district_a, unit_officer_a, officer, leader):
    grant = make_grant(round, district_a, unit_officer_a, make_person(district_a))
    grant.cash, grant._history_user = 900_000, officer
    grant.save()
    with pytest.raises(Refused, match="sửa hoặc thẩm định"):
        grant.approve(officer, decision_number=NUMBER)
    grant.approve(leader, decision_number=NUMBER)


# A unit's own round ----------------------------------------------------------------------------


@pytest.fixture
def own_round(district_a):
    return make_round(district_a, code="A-2026", name="Hỗ trợ huyện An")


def test_a_unit_runs_its_round_out_of_its_own_fund(
    own_round, district_a, unit_officer_a, unit_leader_a, finance, client_of
):
    fund = make_fund(district_a, balance=5_000_000, by=finance, code="QA", name="Quỹ huyện An")
    own_round.funds.create(fund=fund)
    grant = make_grant(own_round, district_a, unit_officer_a, make_person(district_a))
    client_of(unit_leader_a).post(
        desk(own_round, "xet-duyet"), {"act": "approve", "grant": box(grant), "decision_number": "1/QĐ"}
    )
    given = {"act": "pay", "grant": box(grant), "fund": fund.pk, "document_number": "PC1", "way": "cash"}
    assert client_of(unit_officer_a).post(desk(own_round, "chi"), given).status_code == 302
    fund.refresh_from_db()
    grant.refresh_from_db()
    assert (grant.state, grant.way, grant.approved_by, fund.balance) == ("paid", "cash", unit_leader_a, 4_500_000)


def test_where_one_works_alone_the_level_above_approves(own_round, district_a, unit_officer_a, unit_officer_b, leader):
    grant = make_grant(own_round, district_a, unit_officer_a, make_person(district_a))
    for by in (unit_officer_a, unit_officer_b):
        with pytest.raises(Refused, match="không có quyền"):
            grant.approve(by, decision_number="1/QĐ")
    grant.approve(leader, decision_number="1/QĐ")


def test_a_units_leader_decides_nothing_of_the_provinces_round(
    round, district_a, unit_officer_a, unit_leader_a, client_of
):
    grant = make_grant(round, district_a, unit_officer_a, make_person(district_a))
    with pytest.raises(Refused, match="do LĐLĐ tỉnh làm"):
        grant.approve(unit_leader_a, decision_number="1/QĐ")
    data = {"act": "approve", "grant": box(grant), "decision_number": "1/QĐ"}
    assert client_of(unit_leader_a).post(desk(round, "xet-duyet"), data).status_code == 403
    assert client_of(unit_leader_a).post(f"/beneficiaries/grant/{grant.pk}/lam/approve/", data).status_code == 403
    assert states(grant) == ["proposed"]


def test_a_unit_pays_from_no_fund_of_others(own_round, province, district_a, unit_officer_a, unit_leader_a, finance):
    fund = make_fund(province, balance=5_000_000, by=finance)
    grant = make_grant(own_round, district_a, unit_officer_a, make_person(district_a))
    grant.approve(unit_leader_a, decision_number="1/QĐ")
    with pytest.raises(Refused, match="do LĐLĐ tỉnh quản lý"):
        grant.pay(unit_officer_a, fund=fund)
    fund.refresh_from_db()
    assert (states(grant), fund.balance) == (["approved"], 5_000_000)


def test_a_round_paid_from_bound_money_keeps_its_occasion(
    own_round, district_a, unit_officer_a, unit_leader_a, finance, client_of
):
    fund = make_fund(district_a, balance=5_000_000, by=finance, code="QA", name="Quỹ Tết huyện An")
    fund.occasions.add(own_round.occasion)
    sudden = Occasion.objects.get(code="sudden")
    data = {
        "name": own_round.name, "code": own_round.code, "occasion": sudden.pk, "year": 2026, "ceiling": "2.000.000",
        "default_amount": "500.000", "opens_on": f"{today():%d/%m/%Y}", "funds-TOTAL_FORMS": 0, "funds-INITIAL_FORMS": 0,
    }  # fmt: skip
    page, client = f"/beneficiaries/grantround/{own_round.pk}/change/", client_of(unit_officer_a)
    assert client.post(page, data | {"occasion": own_round.occasion_id}).status_code == 302
    grants = [make_grant(own_round, district_a, unit_officer_a, make_person(district_a, name)) for name in ("An", "Ba")]
    own_round.grants.approve(unit_leader_a, decision_number="1/QĐ")
    given = {"fund": fund, "document_number": "1", "settle_by": today()}
    Grant.objects.filter(pk=grants[0].pk).advance_to(unit_officer_a, unit=district_a, **given)
    assert "không đổi sang dịp khác được" in text(client.post(page, data))
    grants[1].pay(unit_officer_a, fund=fund)
    assert "không đổi sang dịp khác được" in text(client.post(page, data))
    own_round.refresh_from_db()
    assert own_round.occasion != sudden


@pytest.mark.parametrize(
    ("use", "occasion", "is_taken"), [("houses", None, False), ("any", "sudden", False), ("any", "tet", True)]
)
def test_a_round_names_no_money_bound_to_something_else(
    district_a, unit_officer_a, finance, client_of, use, occasion, is_taken
):
    fund = make_fund(district_a, balance=5_000_000, by=finance, code="QA", name="Quỹ huyện An")
    fund.use = use
    fund.save()
    fund.occasions.set(Occasion.objects.filter(code=occasion))
    data = {
        "name": "Tết huyện", "code": "TA1", "occasion": Occasion.objects.get(code="tet").pk, "year": 2026,
        "default_amount": "500.000", "ceiling": "1.000.000", "opens_on": f"{today():%d/%m/%Y}",
        "funds-TOTAL_FORMS": 1, "funds-INITIAL_FORMS": 0, "funds-0-fund": fund.pk, "funds-0-most": "",
    }  # fmt: skip
    response = client_of(unit_officer_a).post("/beneficiaries/grantround/add/", data)
    assert (response.status_code, RoundFund.objects.count()) == ((302, 1) if is_taken else (200, 0))
    assert is_taken or "chỉ chi cho việc" in text(response)


def test_an_officer_opens_a_round_of_the_own_unit_alone(
    district_a, district_b, unit_officer_a, unit_officer_b, client_of
):
    data = {
        "name": "Đợt của huyện", "code": "HA1", "occasion": make_round(district_b, code="B1").occasion_id, "year": 2026,
        "default_amount": "500.000", "ceiling": "1.000.000", "opens_on": f"{today():%d/%m/%Y}", "unit": district_b.pk,
        "funds-TOTAL_FORMS": 0, "funds-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert client_of(unit_officer_a).post("/beneficiaries/grantround/add/", data).status_code == 302
    made = type(make_round(district_b, code="B2")).objects.get(code="HA1")
    assert (made.unit, made.default_amount, made.total_ceiling) == (district_a, 500_000, None)
    assert client_of(unit_officer_b).get(f"/beneficiaries/grantround/{made.pk}/change/").status_code == 404


# Who may propose, how much ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "told"),
    [("level", "chỉ nhận đề nghị của công đoàn cơ sở"), ("unit", "không nhận đề nghị của LĐLĐ huyện An"),
     ("late", "hiện không nhận đề nghị"), ("foreign", "không áp dụng")],
)  # fmt: skip
def test_a_round_that_is_not_for_the_unit_takes_nothing(
    round, province, district_a, district_b, unit_officer_a, client_of, limit, told
):
    if limit == "level":
        round.for_level = 3
    if limit == "late":
        round.opens_on, round.closes_on = today() - timedelta(days=9), today() - timedelta(days=1)
    round.save()
    if limit == "unit":
        round.proposers.add(district_b)
    if limit == "foreign":
        round = make_round(district_b, code="B1")
    assert told in round.hindrance(district_a)
    person = make_person(district_a)
    posted = {"round": round.pk, "person": person.pk, "people_count": 1, "cash": 500_000, "in_kind_value": 0}
    client_of(unit_officer_a).post("/beneficiaries/grant/add/", posted)
    client_of(unit_officer_a).post("/dot-ho-tro/de-nghi/", {
        "people": person.pk, "round": round.pk, f"cash-{person.pk}": "500.000", "propose": 1,
    })  # fmt: skip
    assert Grant.objects.count() == 0


def test_a_round_never_exceeds_its_total(round, district_a, unit_officer_a, leader, client_of):
    round.total_ceiling = 1_000_000
    round.save()
    grants = [make_grant(round, district_a, unit_officer_a, make_person(district_a), 400_000) for _ in range(3)]
    data = {"act": "approve", "grant": [box(g) for g in grants], "decision_number": NUMBER}
    told = text(client_of(leader).post(desk(round, "xet-duyet"), data))
    assert "tổng mức 1.000.000 đồng, đã duyệt 0 đồng; duyệt thêm 1.200.000 đồng là vượt" in told
    assert states(*grants) == ["proposed"] * 3
    grants[0].approve(leader, decision_number=NUMBER)
    grants[1].approve(leader, decision_number=NUMBER)
    with pytest.raises(Refused, match="đã duyệt 800.000 đồng"):
        grants[2].approve(leader, decision_number=NUMBER)


def test_what_is_above_a_lowered_ceiling_is_not_approved(round, district_a, unit_officer_a, leader):
    grant = make_grant(round, district_a, unit_officer_a, make_person(district_a), 900_000)
    several = make_grant(round, district_a, unit_officer_a, None, 1_500_000, people_count=3)
    round.ceiling = 600_000
    round.save()
    with pytest.raises(Refused, match="vượt mức tối đa 600.000 đồng một người"):
        round.grants.approve(leader, decision_number=NUMBER)
    assert states(grant, several) == ["proposed"] * 2
    several.approve(leader, decision_number=NUMBER)


def test_a_share_of_a_fund_is_not_exceeded_nor_another_fund_taken(
    round, province, district_a, unit_officer_a, leader, finance
):
    fund, other = (
        make_fund(province, balance=9_000_000, by=finance),
        make_fund(province, code="KHAC", balance=9, by=finance),
    )
    round.funds.create(fund=fund, most=900_000)
    grants = [make_grant(round, district_a, unit_officer_a, make_person(district_a)) for _ in range(2)]
    round.grants.approve(leader, decision_number=NUMBER)
    with pytest.raises(Refused, match="không thuộc nguồn"):
        grants[0].pay(finance, fund=other)
    grants[0].pay(finance, fund=fund)
    with pytest.raises(Refused, match="nhiều nhất 900.000 đồng, đã chi 500.000 đồng"):
        grants[1].pay(finance, fund=fund)
    fund.refresh_from_db()
    assert (states(*grants), fund.balance) == (["paid", "approved"], 8_500_000)


# The decision ----------------------------------------------------------------------------------


def test_a_click_approves_and_the_signed_decision_follows(
    round, district_a, unit_officer_a, leader, finance, client_of
):
    grant = make_grant(round, district_a, unit_officer_a, make_person(district_a))
    client = client_of(leader)
    client.post(desk(round, "xet-duyet"), {"act": "approve", "grant": box(grant)})
    with pytest.raises(Refused, match="chưa có số quyết định"):
        Grant.objects.get().pay(finance)
    given = {"act": "issue", "grant": box(grant), "decision_number": NUMBER, "scan": scan("qd.pdf")}
    assert "Đã ghi quyết định cho 1 khoản" in text(client.post(desk(round, "quyet-dinh"), given, follow=True))
    paper = RoundPaper.objects.get()
    assert (paper.kind, paper.number, paper.file.name) == ("decision", NUMBER, "qd.pdf")
    assert (Grant.objects.get().decision_number, round.grants.payable().count()) == (NUMBER, 1)


def test_the_decision_is_printed_with_its_own_day_and_nothing_is_paid_before_it(
    round, district_a, unit_officer_a, leader, finance
):
    day = timedelta(days=1)
    fund, clicked, signed = make_fund(round.unit, balance=1_000_000, by=finance), today() - 9 * day, today() - 3 * day
    grant = make_grant(round, district_a, unit_officer_a, make_person(district_a), proposed_on=clicked)
    grant.approve(leader, on=clicked)
    grant.issue(leader, decision_number=NUMBER, on=signed)
    assert figures_of(leader, round.pk, NUMBER).decided_on == signed
    with pytest.raises(Refused, match="trước ngày quyết định"):
        grant.pay(finance, fund=fund, on=signed - day)
    grant.pay(finance, fund=fund, on=signed)
    assert grant.paid_on == signed


@pytest.mark.parametrize(("name", "content"), [("qd.pdf", b"MZ nothing"), ("qd.exe", b"%PDF-1.7"), ("qd.png", b"")])
def test_a_scan_that_is_none_changes_nothing(round, district_a, unit_officer_a, leader, client_of, name, content):
    grant = make_grant(round, district_a, unit_officer_a, make_person(district_a))
    given = {"act": "approve", "grant": box(grant), "decision_number": NUMBER, "scan": scan(name, content)}
    told = text(client_of(leader).post(desk(round, "xet-duyet"), given))
    assert ("không phải PDF hay ảnh" in told) or ("Tệp trống" in told)
    assert (states(grant), RoundPaper.objects.count()) == (["proposed"], 0)


def test_one_grant_is_approved_on_its_own_page_with_the_scan(round, district_a, unit_officer_a, leader, client_of):
    grant = make_grant(round, district_a, unit_officer_a, make_person(district_a))
    given = {"decision_number": NUMBER, "scan": scan("qd.pdf")}
    assert client_of(leader).post(f"/beneficiaries/grant/{grant.pk}/lam/approve/", given).status_code == 302
    assert (states(grant), RoundPaper.objects.get().file.name) == (["approved"], "qd.pdf")


def test_who_proposed_records_no_decision(round, district_a, officer, leader):
    grant = make_grant(round, district_a, officer, make_person(district_a))
    grant.approve(leader)
    with pytest.raises(Refused, match="không được phê duyệt"):
        grant.issue(officer, decision_number=NUMBER)
    grant.refresh_from_db()
    assert grant.decision_number == ""


# Screens ---------------------------------------------------------------------------------------


def test_each_is_told_what_waits_for_them(round, below, unit_officer_a, workplace_officer, leader):
    def told(user):
        return [(item.count, item.text) for item in waiting(fresh(user))]

    assert told(unit_officer_a) == [(2, "khoản của cấp dưới chờ chuyển: Tết 2026")]
    assert told(leader) == []
    below[0].send_back(unit_officer_a, reason="x")
    assert told(workplace_officer) == [(1, "khoản bị trả lại: Tết 2026")]


def test_a_step_waits_for_the_nearest_who_may_take_it(
    own_round, district_a, district_b, unit_officer_a, unit_officer_b, unit_leader_a, leader
):
    """The province is told of a unit's round only where the unit has nobody to approve."""
    of_b = make_round(district_b, code="B-1", name="Đợt của Bình")
    make_grant(own_round, district_a, unit_officer_a, make_person(district_a))
    make_grant(of_b, district_b, unit_officer_b, make_person(district_b))

    def told(user):
        return [item.text for item in waiting(fresh(user))]

    assert told(unit_leader_a) == ["khoản đề nghị chờ duyệt: Hỗ trợ huyện An"]
    assert told(leader) == ["khoản đề nghị chờ duyệt: Đợt của Bình"]


def test_the_rounds_page_names_who_sent_nothing(round, below, district_b, officer, unit_officer_a, client_of):
    url = f"/beneficiaries/grantround/{round.pk}/change/"
    page = client_of(officer).get(url)
    assert [unit.code for unit in page.context["silent"]] == ["B"]
    assert [(row["unit"].code, row["count"], row["total"]) for row in page.context["by_unit"]] == [("A", 2, 1_100_000)]
    assert client_of(unit_officer_a).get(url).context["silent"] == []


def test_a_round_is_shown_by_as_many_queries_whatever_is_in_it(
    round, workplace, workplace_officer, district_a, officer, client_of
):
    client, counts = client_of(officer), []
    for number in (1, 3):
        while Grant.objects.count() < number:
            make_grant(round, workplace, workplace_officer, make_person(workplace, national_id=an_id()))
        client.get(f"/beneficiaries/grantround/{round.pk}/change/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/beneficiaries/grantround/{round.pk}/change/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("slug", ["chuyen", "tra-lai", "tham-dinh", "quyet-dinh", "ky-nhan"])
def test_a_desk_of_a_foreign_round_is_not_found(slug, district_b, unit_officer_a, client_of):
    foreign = make_round(district_b, code="B1")
    assert client_of(unit_officer_a).get(desk(foreign, slug)).status_code in (403, 404)
