"""Sharing targets out to units: sums, who may, by which paper, proposals, and two officers at once."""

import json
import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from programs.models import Actual, ShareChange, ShareDecision, Target, TargetShare
from programs.plans.models import Plan
from programs.targets.proposals import split
from programs.targets.shares import Decision, SharesDontAddUp, share_out, shares_version
from tests.factories import fresh, make_plan, make_target, make_unit
from welfare.audit import AuditEvent
from welfare.models import Document, DocumentKind, UnitYear
from welfare.states import Refused

DAY = date(2026, 2, 8)
PAPER = Decision("15/QĐ-LĐLĐ", DAY)


@pytest.fixture
def plan(province, officer):
    return make_plan(province, officer)


@pytest.fixture
def target(plan):
    return make_target(plan, value=10)


@pytest.fixture
def issued(target, leader):
    target.plan.issue(leader, number="12", on=DAY)
    return target


def page_url(target):
    return reverse("programs:plan_shares", args=[target.plan_id])


def given_shares(target):
    return {share.unit.code: int(share.value) for share in target.shares.select_related("unit")}


def sheet(target, shares: dict, **more):
    """What the sheet posts; the province's own part stands under the province."""
    cells = {target.pk: {unit.pk: text for unit, text in shares.items()}}
    return {"version": shares_version(target.plan), "cells": cells, **more}


def post(client, target, posted):
    return client.post(page_url(target), json.dumps(posted), content_type="application/json")


# Saving -------------------------------------------------------------------------------------------


def test_all_shares_are_saved_together(target, province, district_a, district_b, officer, client_of):
    answer = post(client_of(officer), target, sheet(target, {district_a: "5", district_b: "4", province: "1"}))
    target.refresh_from_db()
    assert (given_shares(target), target.own_part) == ({"A": 5, "B": 4}, 1)
    assert answer.json() == {"message": "Đã lưu 3 ô.", "mismatches": {}}
    assert AuditEvent.objects.filter(subject_kind="programs.plan", subject_id=str(target.plan_id)).count() == 1
    assert [version.own_part for version in target.history.all()][0] == 1


def test_several_targets_are_saved_or_none(plan, district_a, district_b, officer, leader):
    first, second = make_target(plan, value=10), make_target(plan, indicator="gifts", value=6)
    plan.issue(leader, number="12", on=DAY)
    cells = {first.pk: {district_a.pk: Decimal(10)}, second.pk: {district_b.pk: Decimal(5)}}
    with pytest.raises(SharesDontAddUp) as refusal:
        share_out(plan, officer, cells, decision=PAPER)
    assert list(refusal.value.mismatches) == [second.pk]
    assert (TargetShare.objects.count(), ShareChange.objects.count(), ShareDecision.objects.count()) == (0, 0, 0)
    cells[second.pk][district_a.pk] = Decimal(1)
    assert share_out(plan, officer, cells, decision=PAPER) == {}
    assert (given_shares(first), given_shares(second)) == ({"A": 10}, {"A": 1, "B": 5})


def test_what_is_not_named_stays_and_zero_takes_a_share_back(target, district_a, district_b, officer):
    share_out(target.plan, officer, {target.pk: {district_a.pk: Decimal(5), district_b.pk: Decimal(5)}})
    share_out(target.plan, officer, {target.pk: {district_a.pk: Decimal(0), district_b.pk: Decimal(7)}})
    assert given_shares(target) == {"B": 7}


def test_a_draft_may_be_shared_out_by_halves_and_says_so(target, district_a, officer, client_of):
    answer = post(client_of(officer), target, sheet(target, {district_a: "4"}))
    sentence = "Tổng giao các đơn vị và phần của tỉnh là 4, chưa khớp chỉ tiêu từ 10 nhà trở lên."
    assert answer.json()["mismatches"] == {str(target.pk): sentence}
    assert given_shares(target) == {"A": 4}


def test_a_plan_whose_shares_do_not_add_up_is_not_issued(target, district_a, officer, leader):
    share_out(target.plan, officer, {target.pk: {district_a.pk: Decimal(4)}})
    with pytest.raises(Refused, match="Chưa ban hành được vì chỉ tiêu .* là 4, chưa khớp chỉ tiêu từ 10 nhà trở lên."):
        target.plan.issue(leader, number="12", on=DAY)
    target.plan.refresh_from_db()
    assert target.plan.state == Plan.State.DRAFT


def test_after_issue_the_shares_may_change_but_add_up(issued, district_a, district_b, officer, client_of):
    client, paper = client_of(officer), {"decision": {"number": "15/QĐ-LĐLĐ", "on": "08/02/2026"}}
    assert post(client, issued, sheet(issued, {district_a: "5", district_b: "5"}, **paper)).json()["mismatches"] == {}
    answer = post(client, issued, sheet(issued, {district_b: "4"}, **paper))
    assert answer.json()["error"].endswith("chưa lưu thay đổi nào.")
    assert given_shares(issued) == {"A": 5, "B": 5}


@pytest.mark.parametrize(
    ("comparator", "value_max", "right", "wrong"),
    [
        ("=", None, [10], [9, 11]),
        (">=", None, [10, 11], [9]),
        (">", None, [10, 11], [9]),
        ("<=", None, [9, 10], [11]),
        ("<", None, [9, 10], [11]),
        ("range", 12, [10, 11, 12], [9, 13]),
    ],
)
def test_when_shares_add_up(plan, comparator, value_max, right, wrong):
    target = make_target(plan, value=10, comparator=comparator, value_max=value_max)
    assert [target.mismatch_of(Decimal(total)) for total in right] == [""] * len(right)
    assert [bool(target.mismatch_of(Decimal(total))) for total in wrong] == [True] * len(wrong)


# Decisions and history ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (None, "hãy ghi số và ngày quyết định"),
        (Decision("  ", DAY), "hãy ghi số và ngày quyết định"),
        (Decision("15", date(2026, 2, 7)), "phải từ ngày ban hành kế hoạch"),
        (Decision("15", date(2099, 1, 1)), "phải từ ngày ban hành kế hoạch"),
    ],
)
def test_an_issued_plan_is_shared_out_by_a_decision(issued, district_a, officer, decision, sentence):
    with pytest.raises(Refused, match=sentence):
        share_out(issued.plan, officer, {issued.pk: {district_a.pk: Decimal(10)}}, decision=decision)
    assert given_shares(issued) == {}


def test_a_decision_left_blank_is_said_by_its_name(issued, district_a, officer, client_of):
    answer = post(client_of(officer), issued, sheet(issued, {district_a: "10"}, decision={"number": "15", "on": "mai"}))
    assert answer.json()["error"].startswith("Ngày quyết định: ")


def test_a_decision_names_a_document_of_the_issuers_register(
    issued, district_a, district_b, officer, province, client_of
):
    kind = DocumentKind.objects.get(code="QĐ")
    own = Document.objects.create(unit=province, issuer_unit=province, kind=kind, number="15", year=2026, title="Giao")
    other = Document.objects.create(
        unit=district_b, issuer_unit=district_b, kind=kind, number="1", year=2026, title="x"
    )
    given_paper = {"number": "15", "on": "08/02/2026", "document": str(other.pk)}
    assert (
        post(client_of(officer), issued, sheet(issued, {district_a: "10"}, decision=given_paper))
        .json()["error"]
        .startswith("Văn bản trong sổ: ")
    )
    given_paper["document"] = str(own.pk)
    post(client_of(officer), issued, sheet(issued, {district_a: "10"}, decision=given_paper))
    assert ShareDecision.objects.get().document == own


def test_every_change_says_who_what_and_by_which_paper(issued, province, district_a, officer, other_officer):
    share_out(issued.plan, officer, {issued.pk: {district_a.pk: Decimal(9), province.pk: Decimal(1)}}, decision=PAPER)
    later = Decision("20/QĐ-LĐLĐ", date(2026, 3, 1))
    share_out(issued.plan, other_officer, {issued.pk: {district_a.pk: Decimal(12)}}, decision=later)
    changes = ShareChange.objects.order_by("pk").select_related("unit", "by", "decision")
    assert [(c.unit.code, int(c.before), int(c.after), c.by.username, c.decision.number) for c in changes] == [
        ("A", 0, 9, "canbo", "15/QĐ-LĐLĐ"),
        ("LDT", 0, 1, "canbo", "15/QĐ-LĐLĐ"),
        ("A", 9, 12, "canbo2", "20/QĐ-LĐLĐ"),
    ]


def test_saving_what_is_there_already_changes_nothing(target, district_a, officer):
    for _ in range(2):
        share_out(target.plan, officer, {target.pk: {district_a.pk: Decimal(10)}})
    assert (ShareChange.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_a_unit_reads_the_history_of_its_own_share_alone(
    target, district_a, district_b, officer, unit_officer_a, client_of
):
    share_out(target.plan, officer, {target.pk: {district_a.pk: Decimal(4), district_b.pk: Decimal(6)}})
    history = reverse("admin:programs_sharechange_changelist")
    shown = [client_of(user).get(history).context["cl"].result_count for user in (officer, unit_officer_a)]
    assert shown == [2, 1]


# Bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["-1", "năm", "1.2345", "1e9", "١٢a", "9" * 14, "9" * 20, " 5"])
def test_what_is_no_number_is_refused_with_a_sentence(target, district_a, officer, client_of, typed):
    answer = post(client_of(officer), target, sheet(target, {district_a: typed}))
    assert "không phải số giao được" in answer.json()["error"]
    assert given_shares(target) == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"version": 0, "cells": []}', b'{"version": 0, "cells": {"x": {}}}',
     b'{"version": 0, "cells": {"1": {"1": 5}}}', b'{"version": null, "cells": {}}', b"\xff",
     b'{"version": 0, "cells": {"99999999999999999999": {"1": "5"}}}', b"[" * 100_000],
)  # fmt: skip
def test_a_sheet_that_is_none_is_refused_with_a_sentence(target, officer, client_of, body):
    answer = client_of(officer).post(page_url(target), body, content_type="application/json")
    assert "không đọc được" in answer.json()["error"]


@pytest.mark.parametrize("decision", [None, "15", {"number": {"a": 1}, "on": ["15/11/2026"], "document": []}])
def test_a_decision_that_is_none_is_asked_for(issued, district_a, officer, client_of, decision):
    answer = post(client_of(officer), issued, sheet(issued, {district_a: "5"}, decision=decision))
    assert answer.json()["error"].startswith("Số quyết định: ")
    assert given_shares(issued) == {}


def test_a_target_taken_out_of_the_plan_meanwhile_is_said(target, district_a, officer, client_of):
    posted = sheet(target, {district_a: "5"})
    Target.objects.filter(pk=target.pk).delete()
    answer = client_of(officer).post(page_url(target), json.dumps(posted), content_type="application/json")
    assert answer.json()["error"].startswith("Có chỉ tiêu không còn trong kế hoạch")


def test_who_may_share_out(target, district_a, leader, finance, inspector, unit_officer_a, client_of):
    users = (leader, finance, inspector, unit_officer_a)
    assert [client_of(user).get(page_url(target)).status_code for user in users] == [403, 403, 403, 403]
    assert {post(client_of(user), target, sheet(target, {district_a: "1"})).status_code for user in users} == {403}
    for user in users:
        with pytest.raises(Refused, match="Chỉ cán bộ của đơn vị ban hành"):
            share_out(target.plan, user, {target.pk: {district_a.pk: Decimal(10)}})


def test_a_rate_is_not_divided(plan, target, district_a, officer, client_of):
    rate = make_target(plan, indicator="hardship_supported_share", value=100, unit_of_measure="%")
    page = client_of(officer).get(page_url(rate))
    assert [column.pk for column in page.context["grid"].columns] == [target.pk]
    with pytest.raises(Refused, match="không chia số"):
        share_out(plan, officer, {rate.pk: {district_a.pk: Decimal(10)}})


def test_a_closed_plan_is_shared_out_no_more(issued, officer, district_a, client_of):
    issued.plan.close(officer)
    response = client_of(officer).get(page_url(issued), follow=True)
    told = [str(message) for message in response.context["messages"]]
    assert told == ["Kế hoạch đã kết thúc nên không giao lại chỉ tiêu được."]
    with pytest.raises(Refused, match="đã kết thúc"):
        share_out(issued.plan, officer, {issued.pk: {district_a.pk: Decimal(10)}}, decision=PAPER)


def test_a_stranger_outside_the_issuers_tree_gets_no_share(district_a, district_b, officer):
    plan = make_plan(district_a, officer)
    with pytest.raises(Refused, match="chỉ giao cho cấp dưới"):
        share_out(plan, officer, {make_target(plan).pk: {district_b.pk: Decimal(10)}})


# The page -----------------------------------------------------------------------------------------


def test_shares_go_to_open_units_and_those_that_hold_one(target, province, district_a, district_b, officer, client_of):
    closed = make_unit("C", "Huyện Cũ", parent=province, valid_to=date(2025, 6, 30))
    make_unit("D", "Huyện Đã đóng", parent=province, valid_to=date(2025, 6, 30))
    make_unit("A1", "CĐCS trong huyện An", kind="grassroots", parent=district_a)
    TargetShare.objects.create(target=target, unit=closed, value=1200)
    grid = client_of(officer).get(page_url(target)).context["grid"]
    assert [(unit.code, cells) for unit, cells in grid.rows] == [("A", [""]), ("B", [""]), ("C", ["1.200"])]


def test_one_targets_column_alone(plan, target, district_a, officer, client_of):
    make_target(plan, indicator="gifts")
    page = client_of(officer).get(page_url(target), {"chi-tieu": target.pk})
    assert [column.pk for column in page.context["grid"].columns] == [target.pk]
    assert client_of(officer).get(page_url(target), {"chi-tieu": "9" * 30}).status_code == 200


def test_the_numbers_as_they_are_now(target, province, district_a, officer, client_of):
    share_out(target.plan, officer, {target.pk: {district_a.pk: Decimal("7.5"), province.pk: Decimal(1000)}})
    answer = client_of(officer).get(page_url(target), headers={"Accept": "application/json"}).json()
    assert answer == {
        "version": shares_version(target.plan),
        "cells": {str(province.pk): {str(target.pk): "1.000"}, str(district_a.pk): {str(target.pk): "7,5"}},
    }


def test_a_plan_without_anything_to_share_says_so(plan, district_a, officer, client_of):
    page = client_of(officer).get(reverse("programs:plan_shares", args=[plan.pk])).content.decode()
    assert "Kế hoạch chưa có chỉ tiêu nào chia được" in page


# Proposals ----------------------------------------------------------------------------------------


def proposed(client, target, how, **asked):
    return client.get(reverse("programs:share_proposal", args=[target.pk, how]), asked)


def by_code(answer, *units):
    return {unit.code: answer.json()["cells"][str(unit.pk)] for unit in units}


def last_years(province, officer, units):
    old = make_target(make_plan(province, officer, first_year=2025), value=12)
    for unit, value in units.items():
        TargetShare.objects.create(target=old, unit=unit, value=value)
        Actual.objects.create(indicator=old.indicator, unit=unit, month=date(2025, 5, 1), value=value * value)


@pytest.mark.parametrize(
    ("how", "values"),
    [
        ("deu", {"A": "5", "B": "4"}),
        ("doan-vien", {"A": "2", "B": "7"}),
        ("nam-truoc", {"A": "6", "B": "3"}),
        ("thuc-hien", {"A": "7", "B": "2"}),
    ],
)
def test_a_proposal_divides_what_the_province_leaves_and_saves_nothing(
    target, province, district_a, district_b, officer, client_of, how, values
):
    UnitYear.objects.create(unit=district_a, year=2025, members=9_999)
    UnitYear.objects.create(unit=district_a, year=2026, members=1_000)
    UnitYear.objects.create(unit=district_b, year=2026, members=3_000)
    last_years(province, officer, {district_a: 8, district_b: 4})
    answer = proposed(client_of(officer), target, how, **{"tu-lam": "1"})
    assert (by_code(answer, district_a, district_b), given_shares(target)) == (values, {})


def test_a_closed_units_share_goes_on_to_its_successors(target, province, district_a, district_b, officer, client_of):
    old = make_unit("OLD", "Huyện Cũ", parent=province, valid_to=date(2025, 6, 30))
    old.successors.set([district_a, district_b])
    last_years(province, officer, {district_a: 4, old: 4})
    answer = proposed(client_of(officer), target, "nam-truoc")
    assert by_code(answer, district_a, district_b) == {"A": "8", "B": "2"}
    assert str(old.pk) not in answer.json()["cells"]


@pytest.mark.parametrize("how", ["doan-vien", "nam-truoc", "thuc-hien"])
def test_a_proposal_without_anything_to_go_by_says_so(target, district_a, officer, client_of, how):
    answer = proposed(client_of(officer), target, how)
    assert answer.json()["error"].endswith("chọn cách chia khác.")


def test_a_proposal_for_half_numbers_adds_up(plan, district_a, district_b, officer, client_of):
    target = make_target(plan, indicator="support_money", value=Decimal("2.5"), unit_of_measure="đồng")
    assert by_code(proposed(client_of(officer), target, "deu"), district_a, district_b) == {"A": "1,25", "B": "1,25"}


def test_proposals_are_the_issuers_alone(target, leader, unit_officer_a, officer, client_of):
    statuses = [proposed(client_of(user), target, "deu").status_code for user in (leader, unit_officer_a)]
    assert (statuses, proposed(client_of(officer), target, "boi").status_code) == ([403, 403], 404)


@given(total=st.integers(0, 10_000), weights=st.lists(st.integers(0, 50_000), min_size=1, max_size=60))
def test_a_proposal_adds_up_and_is_fair(total, weights):
    parts = split(total, weights)
    assert sum(parts) == total
    if sum(weights):
        assert all(abs(part - total * weight / sum(weights)) < 1 for part, weight in zip(parts, weights, strict=True))
    else:
        assert max(parts) - min(parts) <= 1


# Two officers -------------------------------------------------------------------------------------


def test_the_second_of_two_officers_is_told(target, district_a, officer, other_officer, client_of):
    opened = sheet(target, {district_a: "10"})
    post(client_of(other_officer), target, sheet(target, {district_a: "12"}))
    answer = post(client_of(officer), target, opened)
    assert answer.json()["error"].startswith(f"{other_officer} vừa lưu phần giao của chỉ tiêu")
    assert given_shares(target) == {"A": 12}


def test_two_officers_work_on_different_targets_of_one_sheet(
    plan, target, district_a, officer, other_officer, client_of
):
    other = make_target(plan, indicator="gifts", value=6)
    opened = sheet(target, {district_a: "10"})
    post(client_of(other_officer), other, sheet(other, {district_a: "6"}))
    assert post(client_of(officer), target, opened).json()["message"] == "Đã lưu 1 ô."
    assert (given_shares(target), given_shares(other)) == ({"A": 10}, {"A": 6})


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_told(target, district_a, district_b, officer):
    version, outcomes, start = shares_version(target.plan), [], threading.Barrier(2)

    def save(unit):
        start.wait()
        try:
            share_out(Plan.objects.get(), fresh(officer), {target.pk: {unit.pk: Decimal(10)}}, version=version)
            outcomes.append("saved")
        except Refused:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[unit]) for unit in (district_a, district_b)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), target.shares.count()) == (["saved", "told"], 1)


# Size ---------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_opening_and_saving_take_as_many_queries_for_30_units_as_for_3(plan, province, officer, client_of):
    client, counts = client_of(officer), []
    targets = [make_target(plan, value=10) for _ in range(3)]
    for size in (3, 30):
        units = [make_unit(f"N{size}{n}", f"Huyện {size} {n}", parent=province) for n in range(size)]
        client.get(page_url(targets[0]))
        with CaptureQueriesContext(connection) as opening:
            assert client.get(page_url(targets[0])).status_code == 200
        cells = {target.pk: {unit.pk: "1" for unit in units} | {province.pk: str(size)} for target in targets}
        posted = {"version": shares_version(plan), "cells": cells}
        with CaptureQueriesContext(connection) as saving:
            assert "message" in post(client, targets[0], posted).json()
        counts.append((len(opening), len(saving)))
    assert counts[0] == counts[1]
