"""Partner agreements: who has the offer, who sees it, reviews by those who have it, renewal and end."""

from datetime import date, timedelta

import pytest
from django.db import DataError, IntegrityError, transaction
from django.urls import reverse

from programs.agreements.todo import waiting
from programs.models import AgreementReview, PartnerAgreement, Stale
from tests.factories import fresh, make_agreement, make_unit, make_user
from welfare.models import Organization
from welfare.states import Refused
from welfare.units.models import today

LIST = reverse("admin:programs_partneragreement_changelist")
ADD = reverse("admin:programs_partneragreement_add")


@pytest.fixture
def agreement(province, officer):
    """Of the province, for everyone below it."""
    return make_agreement(province, officer, ends_on=date(2027, 6, 30))


@pytest.fixture
def company(district_a):
    return make_unit("A1", "CĐCS Công ty An", kind="grassroots", parent=district_a)


def change_url(agreement):
    return reverse("admin:programs_partneragreement_change", args=[agreement.pk])


def verb_url(agreement, name):
    return reverse("admin:programs_partneragreement_verb", args=[agreement.pk, name])


def form_data(**changed):
    partner, _ = Organization.objects.get_or_create(name="Công ty Đối Tác", kind="enterprise")
    data = {
        "partner": partner.pk,
        "offer": "Giảm giá",
        "signed_on": "02/01/2026",
        "starts_on": "05/01/2026",
        "level": "0",
    }
    data |= {"reviews-TOTAL_FORMS": 0, "reviews-INITIAL_FORMS": 0}
    return {name: value for name, value in (data | changed).items() if value is not None}


# Who has it -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "named", "covered"),
    [
        (0, [], {"A", "B", "A1"}),
        (2, [], {"A", "B"}),
        (3, [], {"A1"}),
        (None, ["A"], {"A", "A1"}),
        (None, ["A1"], {"A1"}),
        (2, ["A1"], {"A", "B", "A1"}),
    ],
)
def test_who_has_the_offer_and_sees_it(level, named, covered, province, officer, district_a, district_b, company):
    units = {unit.code: unit for unit in (province, district_a, district_b, company)}
    agreement = make_agreement(province, officer, level=level)
    agreement.units.set(units[code] for code in named)
    officers = {code: make_user(f"cb{code}", "unit_officer", unit) for code, unit in units.items() if code != "LDT"}

    assert {code for code, unit in units.items() if agreement.covers(unit)} == covered
    sees = {
        code for code, user in officers.items() if PartnerAgreement.objects.for_user(fresh(user)).contains(agreement)
    }
    assert sees == (covered | {"A"} if "A1" in covered else covered)  # A reads what its own CĐCS has


def test_an_agreement_of_a_district_is_nothing_to_the_next(district_a, unit_officer_a, unit_officer_b, client_of):
    agreement = make_agreement(district_a, unit_officer_a)

    assert client_of(unit_officer_b).get(change_url(agreement)).status_code == 404


def test_a_covered_unit_reads_it_and_writes_nothing(agreement, unit_officer_a, client_of):
    client = client_of(unit_officer_a)

    page = client.get(change_url(agreement))

    assert [button["label"] for button in page.context["verbs"]] == ["Đánh giá"]
    assert 'name="_save"' not in page.content.decode()
    for name, data in (("end", {"reason": "x"}), ("renew", {"starts_on": "01/07/2027"})):
        client.post(verb_url(agreement, name), data)
    agreement.refresh_from_db()
    assert (agreement.state, PartnerAgreement.objects.count()) == ("in_force", 1)


# Writing ----------------------------------------------------------------------------------------


def test_a_unit_writes_its_own_agreement(district_a, unit_officer_a, company, client_of):
    client_of(unit_officer_a).post(ADD, form_data(level="", units=[company.pk]))

    agreement = PartnerAgreement.objects.get()
    assert (agreement.unit, list(agreement.units.all()), agreement.created_by) == (
        district_a,
        [company],
        unit_officer_a,
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"level": ""}, "Phải chọn cấp được áp dụng hoặc ít nhất một đơn vị được hưởng."),
        ({"ends_on": "01/01/2026"}, "Ngày hết hạn phải từ ngày có hiệu lực trở đi."),
        ({"signed_on": f"{today() + timedelta(days=1):%d/%m/%Y}"}, "Ngày ký không được sau hôm nay."),
        ({"units": "own"}, "LĐLĐ huyện An không phải cấp dưới của LĐLĐ huyện An nên không thuộc thỏa thuận này."),
    ],
)
def test_bad_input_gets_a_sentence_and_writes_nothing(changed, sentence, district_a, unit_officer_a, client_of):
    changed = {name: [district_a.pk] if value == "own" else value for name, value in changed.items()}

    response = client_of(unit_officer_a).post(ADD, form_data(**changed))

    assert sentence in response.content.decode()
    assert not PartnerAgreement.objects.exists()


# Renewal and end --------------------------------------------------------------------------------


def test_a_renewal_is_a_new_agreement_that_points_back(province, officer, district_a, client_of):
    old = make_agreement(province, officer, level=None, ends_on=date(2026, 6, 30))
    old.units.add(district_a)
    data = {"document_number": "08/TT", "starts_on": "01/07/2026", "ends_on": "30/06/2027", "signed_on": "20/06/2026"}

    client_of(officer).post(verb_url(old, "renew"), data)

    new = PartnerAgreement.objects.get(renews=old)
    assert (new.partner, new.offer, list(new.units.all())) == (old.partner, old.offer, [district_a])
    assert (new.starts_on, new.ends_on, new.document_number) == (date(2026, 7, 1), date(2027, 6, 30), "08/TT")
    with pytest.raises(Refused, match="đã được gia hạn"):
        old.renew(officer, starts_on=date(2026, 7, 1))


@pytest.mark.parametrize(
    ("term", "why"),
    [
        ({"starts_on": date(2027, 6, 30)}, "phải có hiệu lực sau ngày 30/06/2027"),
        ({"starts_on": date(2027, 7, 1), "ends_on": date(2027, 6, 1)}, "Ngày hết hạn phải từ ngày"),
        ({"starts_on": date(2027, 7, 1), "signed_on": today() + timedelta(days=1)}, "chưa tới"),
    ],
)
def test_a_renewal_out_of_order_is_refused(term, why, agreement, officer):
    with pytest.raises(Refused, match=why):
        agreement.renew(officer, **term)

    assert PartnerAgreement.objects.count() == 1


def test_an_agreement_ends_with_a_reason_and_is_not_reviewed_after(agreement, officer, unit_officer_a, client_of):
    client_of(officer).post(verb_url(agreement, "end"), {"reason": "Đối tác ngừng kinh doanh", "on": "01/10/2026"})

    agreement.refresh_from_db()
    assert (agreement.status, agreement.ended_on) == ("Đã chấm dứt", date(2026, 10, 1))
    assert client_of(unit_officer_a).get(change_url(agreement)).context["verbs"] == []
    with pytest.raises(Refused, match="không gia hạn lần nữa"):
        agreement.renew(officer, starts_on=date(2027, 7, 1))
    with pytest.raises(Refused, match="đã chấm dứt"):
        agreement.review(unit_officer_a, unit=unit_officer_a.unit, score=5)


@pytest.mark.parametrize(("days", "count"), [(-1, 0), (0, 1), (60, 1), (61, 0), (None, 0)])
def test_what_runs_out_within_sixty_days_waits_for_who_signed(days, count, province, officer, unit_officer_a):
    ends_on = None if days is None else today() + timedelta(days=days)
    agreement = make_agreement(province, officer, ends_on=ends_on)

    assert [item.count for item in waiting(fresh(officer))] == [count]
    assert [item.count for item in waiting(fresh(unit_officer_a))] == [0]
    if count:
        agreement.renew(officer, starts_on=ends_on + timedelta(days=1))
        assert [item.count for item in waiting(fresh(officer))] == [0]


def test_lists_filter_by_where_an_agreement_stands(province, officer, client_of):
    soon = make_agreement(province, officer, ends_on=today() + timedelta(days=10))
    gone = make_agreement(province, officer, ends_on=today() - timedelta(days=10))
    lasting = make_agreement(province, officer)
    make_agreement(province, officer, partner="Đã dừng").end(officer, reason="x")
    client = client_of(officer)

    found = {
        value: set(client.get(LIST, {"tinh-trang": value, "unit": ""}).context["cl"].result_list)
        for value in ("dang-thuc-hien", "sap-het-han", "het-han")
    }

    assert found == {"dang-thuc-hien": {soon, lasting}, "sap-het-han": {soon}, "het-han": {gone}}


# Reviews ----------------------------------------------------------------------------------------


def test_units_review_and_the_mean_shows(agreement, officer, unit_officer_a, unit_officer_b, client_of):
    client_of(unit_officer_a).post(verb_url(agreement, "review"), {
        "unit": unit_officer_a.unit_id, "score": "5", "comment": "Rất tiện"})  # fmt: skip
    agreement.review(unit_officer_b, unit=unit_officer_b.unit, score=2)

    row = PartnerAgreement.objects.with_scores().get()
    assert (row.score, row.review_count) == (3.5, 2)
    assert client_of(officer).get(LIST).context["cl"].summary[-1] == ("3,5", "điểm trung bình")
    page = client_of(unit_officer_b).get(change_url(agreement)).content.decode()
    assert ("3,5/5" in page, "Rất tiện" in page) == (True, False)


def test_a_unit_without_the_offer_does_not_review(province, officer, unit_officer_a, unit_officer_b):
    agreement = make_agreement(province, officer, level=None)
    agreement.units.add(unit_officer_a.unit)

    for user, unit in ((unit_officer_b, unit_officer_b.unit), (officer, province)):
        with pytest.raises(Refused, match="không áp dụng cho"):
            agreement.review(user, unit=unit, score=5)
    with pytest.raises(Refused, match="của đơn vị mình"):
        agreement.review(unit_officer_b, unit=unit_officer_a.unit, score=5)
    assert not AgreementReview.objects.exists()


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_one_to_five(score, agreement, unit_officer_a, client_of):
    client_of(unit_officer_a).post(verb_url(agreement, "review"), {"unit": unit_officer_a.unit_id, "score": score})
    with pytest.raises(Refused, match="từ 1 đến 5"):
        agreement.review(unit_officer_a, unit=unit_officer_a.unit, score=score)
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        agreement.reviews.create(unit=unit_officer_a.unit, on=today(), score=score, by=unit_officer_a)

    assert not AgreementReview.objects.exists()


def test_a_unit_reviews_once_a_day_and_not_before_the_start(agreement, unit_officer_a):
    agreement.review(unit_officer_a, unit=unit_officer_a.unit, score=4, on=date(2026, 3, 1))

    with pytest.raises(Refused, match="đã đánh giá thỏa thuận này ngày 01/03/2026"):
        agreement.review(unit_officer_a, unit=unit_officer_a.unit, score=5, on=date(2026, 3, 1))
    with pytest.raises(Refused, match="trước ngày thỏa thuận có hiệu lực"):
        agreement.review(unit_officer_a, unit=unit_officer_a.unit, score=5, on=date(2025, 12, 1))


# Lists and measures -----------------------------------------------------------------------------


def test_signing_is_counted_in_its_month(district_a, unit_officer_a):
    Stale.objects.all().delete()

    make_agreement(district_a, unit_officer_a, starts_on=date(2026, 4, 20))

    assert list(Stale.objects.values_list("source", "unit", "month")) == [
        ("activities", district_a.pk, date(2026, 4, 1))
    ]


def test_the_list_asks_the_same_number_of_queries_for_more_rows(
    province, officer, unit_officer_a, client_of, django_assert_max_num_queries
):
    client, counts = client_of(officer), []
    for wanted in (1, 3):
        while PartnerAgreement.objects.count() < wanted:
            make_agreement(province, officer).review(unit_officer_a, unit=unit_officer_a.unit, score=4)
        client.get(LIST)
        with django_assert_max_num_queries(10_000) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]
