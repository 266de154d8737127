"""Money handed to a unit: out of the fund at once, spent at receipt, the rest returned; the books always agree."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from beneficiaries.grants.todo import waiting
from beneficiaries.models import Advance, FundEntry, Grant, RoundPaper
from tests.factories import fresh, make_fund, make_grant, make_person, make_round
from welfare.states import Refused
from welfare.units.models import today


@pytest.fixture
def round(province):
    return make_round(province)


@pytest.fixture
def fund(province, finance):
    return make_fund(province, balance=5_000_000, by=finance)


@pytest.fixture
def grants(round, district_a, unit_officer_a, leader):
    """Approved by a decision: 500.000, 600.000 and 700.000 đồng."""
    made = [
        make_grant(round, district_a, unit_officer_a, make_person(district_a, f"Nguyễn Thị {name}"), cash)
        for name, cash in (("An", 500_000), ("Ba", 600_000), ("Cúc", 700_000))
    ]
    round.grants.approve(leader, decision_number="1/QĐ")
    return made


@pytest.fixture
def advance(grants, fund, finance, district_a):
    return hand_over(grants, fund, finance, district_a)


def hand_over(grants, fund, finance, unit, **given) -> Advance:
    rows = Grant.objects.filter(pk__in=[grant.pk for grant in grants])
    given = {"document_number": "TU01", "settle_by": today() + timedelta(days=30), **given}
    return rows.advance_to(finance, unit=unit, fund=fund, **given)


def sheet(name="ky-nhan.pdf", content=b"%PDF-1.7 signed"):
    return SimpleUploadedFile(name, content)


def ledger(fund) -> tuple[int, int]:
    fund.refresh_from_db()
    return fund.balance, fund.entries.aggregate(total=Sum("amount"))["total"]


def kinds(fund) -> list[tuple[str, int]]:
    return list(fund.entries.order_by("pk").values_list("kind", "amount"))


def page(round, slug="ky-nhan") -> str:
    return f"/dot-ho-tro/{round.pk}/{slug}/"


def box(grant) -> str:
    return f"{grant.pk}:{grant.value}"


def text(response) -> str:
    return response.content.decode()


def states(round) -> list[str]:
    return list(round.grants.order_by("pk").values_list("state", flat=True))


def test_finance_hands_a_unit_the_money_on_screen(round, grants, fund, finance, district_a, client_of):
    data = {
        "act": "advance_to", "grant": [box(grant) for grant in grants], "advance_to-fund": fund.pk,
        "advance_to-unit": district_a.pk, "advance_to-document_number": "TU01",
        "advance_to-settle_by": f"{today() + timedelta(days=20):%d/%m/%Y}",
    }  # fmt: skip
    client = client_of(finance)
    responses = [client.post(page(round, "chi"), data) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 200]
    advance = Advance.objects.get()
    assert (advance.amount, advance.unit, advance.entry.kind, advance.entry.amount) == (
        1_800_000, district_a, "advance", -1_800_000,
    )  # fmt: skip
    assert (ledger(fund), states(round)) == ((3_200_000, 3_200_000), ["approved"] * 3)
    with pytest.raises(Refused, match="đã tạm ứng cho đơn vị chi"):
        grants[0].pay(finance, fund=fund)


def test_a_grant_is_paid_when_it_is_signed_for(round, grants, advance, fund, unit_officer_a, client_of):
    data = {
        "act": "receive", "grant": [box(grant) for grant in grants[:2]], "scan": sheet(),
        f"name-{grants[1].pk}": "Trần Văn Con", f"relation-{grants[1].pk}": "con",
    }  # fmt: skip
    response = client_of(unit_officer_a).post(page(round), data, follow=True)
    assert "Đã ghi ký nhận 2 khoản, 1.100.000 đồng." in text(response)
    assert (states(round), ledger(fund)) == (["paid", "paid", "approved"], (3_200_000, 3_200_000))
    assert kinds(fund)[1:] == [
        ("advance", -1_800_000),
        ("advance", 1_100_000),
        ("spend", -500_000),
        ("spend", -600_000),
    ]
    second = Grant.objects.select_related("receipt").get(pk=grants[1].pk)
    assert (second.receiver_name, second.receiver_relation, second.paid_on) == ("Trần Văn Con", "con", today())
    assert (second.receipt.kind, second.receipt.by) == ("receipts", unit_officer_a)
    advance.refresh_from_db()
    assert (advance.spent, advance.remaining) == (1_100_000, 700_000)


def test_the_rest_comes_back_and_frees_who_was_not_paid(
    round, grants, advance, fund, unit_officer_a, finance, client_of
):
    Grant.objects.filter(pk=grants[0].pk).receive(unit_officer_a, scan=sheet())
    url = f"/beneficiaries/advance/{advance.pk}/lam/take_back/"
    client = client_of(finance)
    assert client.post(url, {"amount": "1.300.000", "document_number": "PT01"}).status_code == 302
    advance.refresh_from_db()
    assert (advance.remaining, ledger(fund), round.grants.payable().count()) == (0, (4_500_000, 4_500_000), 2)
    Grant.objects.get(pk=grants[1].pk).pay(finance, fund=fund)
    assert (states(round), ledger(fund)[0]) == (["paid", "paid", "approved"], 3_900_000)


def test_a_second_click_returns_no_second_part(advance, fund, finance, client_of):
    url, client = f"/beneficiaries/advance/{advance.pk}/lam/take_back/", client_of(finance)
    given = {"amount": "300.000", "document_number": "PT02"}
    responses = [client.post(url, given) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 200]
    assert "theo chứng từ PT02 đã được ghi rồi" in text(responses[1])
    assert client.post(url, given | {"document_number": "PT03"}).status_code == 302
    advance.refresh_from_db()
    assert (advance.returned, ledger(fund)) == (600_000, (3_800_000, 3_800_000))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"amount": 1_800_001}, "còn giữ 1.800.000 đồng"),
        ({"amount": 0}, "lớn hơn 0"),
        ({"document_number": " "}, "chứng từ"),
    ],
)
def test_a_wrong_return_is_refused(advance, fund, finance, given, told):
    with pytest.raises(Refused, match=told):
        advance.take_back(finance, **({"amount": 1_000, "document_number": "PT01"} | given))
    assert (advance.remaining, ledger(fund)) == (1_800_000, (3_200_000, 3_200_000))


def test_a_settlement_above_what_the_unit_holds_is_refused_whole(round, grants, advance, fund, finance, unit_officer_a):
    advance.take_back(finance, amount=400_000, document_number="PT01")
    with pytest.raises(Refused, match="1.800.000 đồng vượt số tạm ứng LĐLĐ huyện An còn giữ"):
        round.grants.receive(unit_officer_a, scan=sheet())
    assert (states(round), RoundPaper.objects.filter(kind="receipts").count()) == (["approved"] * 3, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Advance.objects.filter(pk=advance.pk).update(spent=1_800_000)


@pytest.mark.parametrize(
    ("given", "told"),
    [("fund", "không đủ tiền"), ("unit", "của chính đơn vị"), ("settle_by", "Hạn quyết toán"), ("number", "chứng từ")],
)
def test_a_wrong_advance_moves_nothing(round, grants, fund, finance, province, district_a, district_b, given, told):
    poor = make_fund(province, code="IT", name="Quỹ ít tiền", balance=1_000, by=finance)
    wrong = {
        "fund": {"fund": poor}, "unit": {"unit": district_b}, "settle_by": {"settle_by": today() - timedelta(days=1)},
        "number": {"document_number": ""},
    }[given]  # fmt: skip
    with pytest.raises(Refused, match=told):
        hand_over(grants, **({"fund": fund, "finance": finance, "unit": district_a} | wrong))
    assert (Advance.objects.count(), ledger(fund), round.grants.payable().count()) == (0, (5_000_000, 5_000_000), 3)


@pytest.mark.parametrize("who", ["officer", "leader", "unit_officer_a", "inspector"])
def test_only_who_pays_hands_money_out(grants, fund, district_a, who, request):
    with pytest.raises(Refused, match="không có quyền"):
        hand_over(grants, fund, request.getfixturevalue(who), district_a)
    assert ledger(fund) == (5_000_000, 5_000_000)


def test_a_sheet_that_is_no_scan_or_of_others_settles_nothing(
    round, grants, advance, fund, unit_officer_a, unit_officer_b, client_of
):
    client, ticked = client_of(unit_officer_a), {"act": "receive", "grant": [box(grants[0])]}
    for scan in (sheet("ky.pdf", b"<html>"), sheet("ky.docx"), ""):
        response = client.post(page(round), ticked | {"scan": scan})
        assert ("không phải PDF hay ảnh" in text(response)) or ("Chưa chọn tệp" in text(response))
    assert "Danh sách đã thay đổi" in text(client_of(unit_officer_b).post(page(round), ticked | {"scan": sheet()}))
    with pytest.raises(Refused, match="do đơn vị đó hoặc cấp trên nộp"):
        round.grants.receive(unit_officer_b, scan=sheet())
    assert (states(round), ledger(fund)) == (["approved"] * 3, (3_200_000, 3_200_000))


def test_the_same_list_sent_twice_settles_once(round, grants, advance, fund, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    responses = [client.post(page(round), {"act": "receive", "whole": "3:1800000", "scan": sheet()}) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 200]
    assert (FundEntry.objects.filter(kind="spend").count(), ledger(fund)) == (3, (3_200_000, 3_200_000))


def test_what_was_paid_otherwise_gets_its_signed_list_later(round, grants, fund, finance, unit_officer_a):
    round.grants.pay(finance, fund=fund, way="bank")
    assert round.grants.receive(unit_officer_a, scan=sheet()) == 3
    assert (kinds(fund)[1:], round.grants.to_receive().count()) == (
        [("spend", -500_000), ("spend", -600_000), ("spend", -700_000)], 0,
    )  # fmt: skip


def test_an_advance_is_not_reversed_in_the_ledger(advance, finance):
    with pytest.raises(Refused, match="quyết toán hoặc hoàn lại"):
        advance.entry.reverse(finance, note="nhầm")


def test_a_payment_out_of_an_advance_is_reversed_like_any(round, grants, advance, fund, unit_officer_a, finance):
    round.grants.receive(unit_officer_a, scan=sheet())
    Grant.objects.get(pk=grants[0].pk).reverse(finance, note="Người nhận trả lại")
    assert (states(round), ledger(fund)) == (["reversed", "paid", "paid"], (3_700_000, 3_700_000))


def test_late_settlements_are_told_in_red(round, grants, advance, unit_officer_a, finance, officer):
    def told(user):
        return [(item.count, item.text, item.is_late) for item in waiting(fresh(user))]

    unit_text = "khoản chưa có danh sách ký nhận: Tết 2026"
    assert (told(unit_officer_a), told(finance)) == ([(3, unit_text, False)], [])
    days = {"on": today() - timedelta(days=40), "settle_by": today() - timedelta(days=1)}
    Advance.objects.filter(pk=advance.pk).update(**days)
    assert told(unit_officer_a) == [(3, unit_text, True)]
    assert told(finance) == [(1, "khoản tạm ứng quá hạn quyết toán", True)]
    assert told(officer) == []


def test_advances_are_listed_by_scope_and_a_fixed_number_of_queries(
    round, grants, fund, finance, advance, district_a, unit_officer_b, client_of
):
    url, client, counts = "/beneficiaries/advance/", client_of(finance), []
    assert client_of(unit_officer_b).get(f"{url}{advance.pk}/change/").status_code == 404
    for number in (1, 3):
        while Advance.objects.count() < number:
            entry = fund.post("advance", -1_000, by=finance)
            Advance.objects.create(
                round=round,
                unit=district_a,
                fund=fund,
                entry=entry,
                amount=1_000,
                on=today(),
                settle_by=today(),
                by=finance,
            )
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
