"""Models that run on: registered, started, evaluated by date, ended, and which of them run on a day."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from programs.caremodels.todo import waiting
from programs.models import CareModel, Stale
from tests.factories import fresh, make_care_model, make_unit
from welfare.states import Refused
from welfare.units.models import today

LIST = reverse("admin:programs_caremodel_changelist")


@pytest.fixture
def model(district_a, unit_officer_a):
    return make_care_model(district_a, unit_officer_a)


@pytest.fixture
def running(model, unit_officer_a):
    model.start(unit_officer_a, on=date(2026, 2, 1))
    return model


def change_url(model):
    return reverse("admin:programs_caremodel_change", args=[model.pk])


def verb_url(model, name):
    return reverse("admin:programs_caremodel_verb", args=[model.pk, name])


def form_data(**changed):
    data = {"kind": CareModel.objects.first().kind_id, "name": "Quỹ tương hỗ", "registered_on": "05/01/2026"}
    return data | {"evaluations-TOTAL_FORMS": 0, "evaluations-INITIAL_FORMS": 0} | changed


def test_a_model_goes_from_registration_to_its_end(model, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    for name, data, state in [
        ("start", {"on": "01/02/2026"}, "running"),
        ("evaluate", {"result": "good", "note": "Giúp được 12 người", "on": "01/06/2026"}, "running"),
        ("end", {"reason": "Hết nhu cầu", "on": "01/07/2026"}, "ended"),
    ]:
        assert client.post(verb_url(model, name), data)["Location"] == change_url(model)
        model.refresh_from_db()
        assert model.state == state

    assert (model.running_since, model.ended_on) == (date(2026, 2, 1), date(2026, 7, 1))
    assert [str(evaluation) for evaluation in model.evaluations.all()] == ["01/06/2026: Hiệu quả"]
    page = client.get(change_url(model)).content.decode()
    assert ("Giúp được 12 người" in page, 'name="_save"' in page) == (True, False)


def test_registering_is_adding_a_row_of_ones_own_unit(model, district_b, unit_officer_a, client_of):
    client_of(unit_officer_a).post(
        reverse("admin:programs_caremodel_add"), form_data(name="Điểm bán hàng", unit=district_b.pk)
    )

    added = CareModel.objects.get(name="Điểm bán hàng")
    assert (added.unit, added.state, added.created_by) == (model.unit, "registered", unit_officer_a)


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("start", {"on": date(2026, 1, 4)}, "trước ngày đăng ký"),
        ("start", {"on": today() + timedelta(days=1)}, "chưa tới"),
        ("evaluate", {"result": "good"}, "chưa chạy hoặc đã kết thúc"),
        ("end", {"reason": " "}, "Phải ghi lý do"),
        ("end", {"reason": "x", "on": date(2025, 12, 31)}, "trước ngày bắt đầu"),
    ],
)
def test_what_the_calendar_forbids_is_refused_and_changes_nothing(name, given, why, model, unit_officer_a):
    with pytest.raises(Refused, match=why):
        getattr(model, name)(unit_officer_a, **given)

    model.refresh_from_db()
    assert (model.state, model.running_since, model.ended_on) == ("registered", None, None)


def test_a_model_is_evaluated_once_a_day(running, unit_officer_a):
    running.evaluate(unit_officer_a, result="good", on=date(2026, 5, 1))

    with pytest.raises(Refused, match="đã có đánh giá ngày 01/05/2026"):
        running.evaluate(unit_officer_a, result="poor", on=date(2026, 5, 1))


def test_registration_can_not_be_moved_behind_the_start(running, unit_officer_a, client_of):
    response = client_of(unit_officer_a).post(change_url(running), form_data(registered_on="02/02/2026"))

    assert "Mô hình đã hoạt động từ 01/02/2026, ngày đăng ký không được sau đó." in response.content.decode()


@pytest.mark.parametrize(("on", "runs"), [("2026-01-31", False), ("2026-02-01", True), ("2026-06-30", True), ("2026-07-01", False)])  # fmt: skip
def test_which_models_run_on_a_day(on, runs, running, unit_officer_a):
    running.end(unit_officer_a, reason="Hết nhu cầu", on=date(2026, 7, 1))

    assert CareModel.objects.running(date.fromisoformat(on)).exists() == runs


@pytest.mark.parametrize("who", ["leader", "inspector", "unit_officer_b"])
def test_others_do_not_move_it(who, request, model):
    with pytest.raises(Refused):
        model.start(request.getfixturevalue(who))


def test_a_unit_reads_models_under_it_and_writes_only_its_own(district_a, officer, unit_officer_a, client_of):
    below = make_care_model(make_unit("A1", "CĐCS An", kind="grassroots", parent=district_a), officer)
    client = client_of(fresh(unit_officer_a))

    assert client.get(change_url(below)).context["verbs"] == []
    client.post(verb_url(below, "start"))
    below.refresh_from_db()
    assert below.state == "registered"


def test_the_list_shows_the_latest_evaluation_and_sums(running, district_a, unit_officer_a, client_of):
    make_care_model(district_a, unit_officer_a, name="Mới đăng ký")
    for month, result in ((4, "fair"), (6, "good")):
        running.evaluate(unit_officer_a, result=result, on=date(2026, month, 1))

    changelist = client_of(unit_officer_a).get(LIST, {"q": "quy tuong ho huyen an"}).context["cl"]

    shown = {row.name: (row.result, row.evaluated_on) for row in changelist.result_list}
    assert shown == {"Quỹ tương hỗ": ("good", date(2026, 6, 1)), "Mới đăng ký": (None, None)}
    assert changelist.summary == [("2", "mô hình"), ("1", "đang chạy"), ("1", "đơn vị")]


def test_running_models_are_found_by_a_filter(running, district_a, unit_officer_a, client_of):
    make_care_model(district_a, unit_officer_a, name="Mới đăng ký")

    changelist = client_of(unit_officer_a).get(LIST, {"tinh-trang": "dang-chay"}).context["cl"]

    assert list(changelist.result_list) == [running]


@pytest.mark.parametrize(("evaluated", "count"), [(None, 1), (300, 0), (400, 1)])
def test_a_model_without_evaluation_for_a_year_waits(evaluated, count, district_a, unit_officer_a):
    model = make_care_model(district_a, unit_officer_a, registered_on=today() - timedelta(days=500))
    model.start(unit_officer_a, on=model.registered_on)
    if evaluated:
        model.evaluate(unit_officer_a, result="good", on=today() - timedelta(days=evaluated))

    assert [item.count for item in waiting(fresh(unit_officer_a))] == [count]


def test_every_write_says_which_months_to_count_anew(model, unit_officer_a):
    Stale.objects.all().delete()

    model.start(unit_officer_a, on=date(2026, 3, 9))

    assert set(Stale.objects.values_list("source", "month")) == {
        ("activities", date(2026, 1, 1)), ("activities", date(2026, 3, 1)),
    }  # fmt: skip


def test_the_list_asks_the_same_number_of_queries_for_more_rows(
    district_a, unit_officer_a, client_of, django_assert_max_num_queries
):
    client, counts = client_of(unit_officer_a), []
    for wanted in (1, 3):
        while CareModel.objects.count() < wanted:
            make_care_model(district_a, unit_officer_a)
        client.get(LIST)
        with django_assert_max_num_queries(10_000) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]
