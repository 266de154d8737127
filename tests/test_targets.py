"""Targets and indicators on screen: their figures, who sees them, and what may still be changed."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import Actual, Indicator, Target, TargetShare
from programs.targets.models import plain_number
from tests.factories import make_plan, make_target

CHANGELIST = "admin:programs_target_changelist"


@pytest.fixture
def plan(province, officer, leader):
    plan = make_plan(province, officer)
    plan.issue(leader, number="12", on=date(2026, 2, 8))
    return plan


def houses(unit, done):
    indicator = Indicator.objects.get(code="houses_handed_over")
    return Actual.objects.create(indicator=indicator, unit=unit, month=date(2026, 1, 1), value=done)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": 10}, "từ 10 nhà trở lên"),
        ({"value": 200_000, "comparator": "=", "unit_of_measure": "suất quà"}, "200.000 suất quà"),
        ({"value": 90, "comparator": ">", "unit_of_measure": "%"}, "trên 90%"),
        ({"value": "62.5", "comparator": "<=", "unit_of_measure": "%"}, "không quá 62,5%"),
        ({"value": 1, "value_max": 2, "comparator": "range", "unit_of_measure": "bản"}, "1 - 2 bản"),
    ],
)
def test_what_is_wanted_in_words(plan, fields, words):
    target = make_target(plan, **fields)
    target.refresh_from_db()
    assert target.wanted() == words


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (1234567, "1.234.567"), ("1234.5", "1.234,5"), ("0.25", "0,25"), ("10.00", "10")]
)
def test_plain_numbers_have_vietnamese_marks(number, text):
    assert plain_number(number) == text


def test_the_list_shows_figures_where_the_user_stands(
    plan, province, district_a, district_b, officer, unit_officer_a, client_of
):
    target = make_target(plan, value=50)
    TargetShare.objects.create(target=target, unit=district_a, value=20)
    houses(district_a, 13)
    houses(district_b, 4)
    whole = client_of(officer).get(reverse(CHANGELIST)).content.decode()
    own = client_of(unit_officer_a).get(reverse(CHANGELIST)).content.decode()
    assert [words in whole for words in ("từ 50 nhà trở lên", "17 nhà", "34%", "13 nhà")] == [True, True, True, False]
    assert [words in own for words in ("20 nhà", "13 nhà", "65%", "17 nhà")] == [True, True, True, False]


def test_targets_of_drafts_and_strangers_are_unknown(province, district_a, officer, leader, unit_officer_b, client_of):
    draft = make_target(make_plan(province, officer), text="Chỉ tiêu dự thảo")
    plan_of_a = make_plan(district_a, officer)
    plan_of_a.issue(leader, number="1")
    of_a = make_target(plan_of_a, text="Chỉ tiêu của huyện An")
    client = client_of(unit_officer_b)
    urls = [reverse("admin:programs_target_change", args=[target.pk]) for target in (draft, of_a)]
    assert [client.get(url).status_code for url in urls] == [404, 404]
    shown = client.get(reverse(CHANGELIST)).content.decode()
    assert ("Chỉ tiêu dự thảo" in shown, "Chỉ tiêu của huyện An" in shown) == (False, False)


def test_a_targets_page_names_own_shares_alone(plan, district_a, district_b, unit_officer_a, client_of):
    target = make_target(plan, value=50)
    for unit in (district_a, district_b):
        TargetShare.objects.create(target=target, unit=unit, value=25)
    page = client_of(unit_officer_a).get(reverse("admin:programs_target_change", args=[target.pk]))
    shown = page.content.decode()
    assert (page.status_code, district_b.short_name in shown) == (200, False)


def test_a_target_is_not_typed_outside_its_plan(plan, officer, client_of):
    target = make_target(plan)
    client = client_of(officer)
    assert client.get(reverse("admin:programs_target_add")).status_code == 403
    posted = client.post(reverse("admin:programs_target_change", args=[target.pk]), {"value": 1, "text": "Khác"})
    target.refresh_from_db()
    assert (posted.status_code, target.value) == (403, 10)


def test_the_lists_of_share_outs(plan, district_a, officer, client_of):
    for text, share in (("Khớp tổng", 10), ("Lệch tổng", 4), ("Chưa chia", None)):
        target = make_target(plan, text=text)
        if share:
            TargetShare.objects.create(target=target, unit=district_a, value=share)
    client = client_of(officer)
    shown = {name: client.get(reverse(CHANGELIST), {"giao": name}).content.decode() for name in ("lech", "roi", "chua")}
    found = {
        name: [text for text in ("Khớp tổng", "Lệch tổng", "Chưa chia") if text in page] for name, page in shown.items()
    }
    assert found == {"lech": ["Lệch tổng"], "roi": ["Khớp tổng", "Lệch tổng"], "chua": ["Chưa chia"]}


def test_the_list_takes_as_many_queries_for_one_target_as_for_three(plan, officer, client_of):
    client = client_of(officer)
    make_target(plan)
    counts = []
    for _ in range(2):
        client.get(reverse(CHANGELIST))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(CHANGELIST)).status_code == 200
        counts.append(len(queries))
        make_target(plan)
        make_target(plan, indicator="people_supported")
    assert counts[0] == counts[1] - 1, "distinct counts are one query more than sums"


def test_an_indicators_way_of_counting_stays(officer, client_of):
    counted = Indicator.objects.get(code="houses_handed_over")
    client = client_of(officer)
    page = reverse("admin:programs_indicator_change", args=[counted.pk])
    fields = {
        "name": "Nhà đã bàn giao",
        "unit_of_measure": "nhà",
        "code": "x",
        "source": "reported",
        "roll_up": "ratio",
    }
    assert client.post(page, fields).status_code == 302
    counted.refresh_from_db()
    assert (counted.name, counted.code, counted.source, counted.roll_up) == (
        "Nhà đã bàn giao", "houses_handed_over", "counted", "sum",
    )  # fmt: skip
    assert (
        client.post(reverse("admin:programs_indicator_delete", args=[counted.pk]), {"post": "yes"}).status_code == 403
    )


def test_an_indicator_in_use_is_kept(plan, officer, client_of):
    used = make_target(plan, indicator="collective_agreements").indicator
    client_of(officer).post(reverse("admin:programs_indicator_delete", args=[used.pk]), {"post": "yes"})
    assert Target.objects.get().indicator == used


# The register of indicators ------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["ban giao trong ky", "SUẤT KHÔNG GHI TÊN", "nha sua chua"])
def test_indicators_are_found_by_their_definition_without_accents(officer, client_of, asked):
    page = client_of(officer).get(reverse("admin:programs_indicator_changelist"), {"q": asked})
    assert 0 < page.context["cl"].result_count < 5


def test_what_a_province_officer_adds_units_report(officer, client_of):
    fields = {
        "name": "Tủ sách pháp luật", "unit_of_measure": "tủ", "roll_up": "sum", "definition": "Số tủ sách đang mở.",
        "source": "counted",
    }  # fmt: skip
    client = client_of(officer)
    assert client.post(reverse("admin:programs_indicator_add"), fields).status_code == 302
    made = Indicator.objects.get(name="Tủ sách pháp luật")
    assert (made.source, made.definition) == ("reported", "Số tủ sách đang mở.")
    listed = client.get(reverse("admin:programs_indicator_changelist"), {"source__exact": "reported"})
    assert "Số tủ sách đang mở." in listed.content.decode()


def test_a_new_percentage_must_be_a_ratio(officer, client_of):
    fields = {"name": "Tỷ lệ gì đó", "unit_of_measure": "%", "roll_up": "sum"}
    page = client_of(officer).post(reverse("admin:programs_indicator_add"), fields)
    assert "phải tổng hợp theo tỷ lệ của các tổng" in page.content.decode()
    assert not Indicator.objects.filter(name="Tỷ lệ gì đó").exists()


# Figures read out of a sentence --------------------------------------------------------------------


def test_a_sentences_figures_are_proposed(officer, client_of):
    sentence = "Ký mới 05 bản TULĐTT và 01 - 02 thỏa thuận năm 2026"
    answer = client_of(officer).get(reverse("programs:figures_read"), {"cau": sentence})
    common = {"comparator": "=", "value": "5", "value_max": "", "unit_of_measure": "bản", "words": "5 bản"}
    agreements = {"comparator": "range", "value": "1", "value_max": "2", "unit_of_measure": "thỏa thuận"}
    figures = [{name: text for name, text in one.items() if name != "indicator"} for one in answer.json()["figures"]]
    assert figures == [common, {**agreements, "words": "1 - 2 thỏa thuận"}]


def test_a_figures_indicator_is_proposed_with_it(officer, client_of):
    answer = client_of(officer).get(reverse("programs:figures_read"), {"cau": "Xây mới từ 12 nhà Mái ấm trở lên"})
    proposed = [figure["indicator"] for figure in answer.json()["figures"]]
    assert proposed == [Indicator.objects.get(code="houses_handed_over").pk]


# What a unit answers for ---------------------------------------------------------------------------

OWN = "programs:unit_targets"


def texts_of(response):
    return [figure.target.text for figure in response.context["rows"]]


@pytest.fixture
def given_to_a(plan, district_a, district_b):
    """A share, a rate for all upper units, and what is not A's: a share of B, a rate of the province alone."""
    for text, unit in (("Giao huyện An", district_a), ("Giao huyện Bình", district_b)):
        TargetShare.objects.create(target=make_target(plan, text=text), unit=unit, value=7)
    for text, level in (("Mọi đơn vị 100%", 2), ("Riêng tỉnh 100%", 1)):
        make_target(
            plan, text=text, indicator="hardship_supported_share", value=100, unit_of_measure="%", binds_level=level
        )


def test_a_unit_sees_what_it_answers_for(given_to_a, district_a, unit_officer_a, client_of):
    houses(district_a, 7)
    page = client_of(unit_officer_a).get(reverse(OWN))
    assert texts_of(page) == ["Giao huyện An", "Mọi đơn vị 100%"]
    share = next(iter(page.context["rows"]))
    assert (share.wanted_text, share.actual_text, share.percent, share.status.label) == (
        "7 nhà",
        "7 nhà",
        100,
        "Đã đạt",
    )


def test_a_units_targets_of_drafts_are_none_yet(province, district_a, officer, unit_officer_a, client_of):
    TargetShare.objects.create(target=make_target(make_plan(province, officer)), unit=district_a, value=7)
    page = client_of(unit_officer_a).get(reverse(OWN))
    assert "Chưa có kế hoạch nào đã ban hành giao chỉ tiêu cho đơn vị này." in page.content.decode()


def test_a_unit_asks_for_no_other_unit(given_to_a, district_b, officer, unit_officer_a, client_of):
    asked = {"don-vi": district_b.pk}
    assert texts_of(client_of(unit_officer_a).get(reverse(OWN), asked)) == ["Giao huyện An", "Mọi đơn vị 100%"]
    assert texts_of(client_of(officer).get(reverse(OWN), asked)) == ["Giao huyện Bình", "Mọi đơn vị 100%"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "HUYEN an"}, ["Giao huyện An"]),
        ({"nam": "2026"}, ["Giao huyện An", "Mọi đơn vị 100%"]),
        ({"nam": "2025"}, []),
        ({"tinh-trang": "pending"}, ["Mọi đơn vị 100%"]),
        ({"tinh-trang": "x", "trang": "99"}, []),
    ],
)
def test_a_units_targets_are_filtered(given_to_a, unit_officer_a, client_of, asked, found):
    page = client_of(unit_officer_a).get(reverse(OWN), asked)
    assert texts_of(page) == found
    assert ("Không có chỉ tiêu nào khớp" in page.content.decode()) == (not found)


def test_a_units_targets_take_as_many_queries_for_one_as_for_thirty(plan, district_a, unit_officer_a, client_of):
    client, counts = client_of(unit_officer_a), []
    for size in (1, 30):
        for n in range(size):
            TargetShare.objects.create(target=make_target(plan, text=f"{size} {n}"), unit=district_a, value=1)
        client.get(reverse(OWN))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse(OWN))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "Trang 1 / 2" in page.content.decode()
