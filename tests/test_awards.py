"""Awards: one recipient, one decision, withdrawn rather than deleted."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from programs.models import Award, AwardForm, Stale
from tests.factories import make_award
from welfare.models import Document, DocumentKind, Organization
from welfare.states import Refused
from welfare.units.models import today

LIST = reverse("admin:programs_award_changelist")
ADD = reverse("admin:programs_award_add")
ONE = "Ghi đúng một nơi được khen: một cá nhân, một tập thể công đoàn hoặc một tổ chức."


@pytest.fixture
def award(district_a, unit_officer_a):
    return make_award(district_a, unit_officer_a)


@pytest.fixture
def company(db):
    return Organization.objects.create(name="Công ty An", kind="enterprise")


def verb_url(award):
    return reverse("admin:programs_award_verb", args=[award.pk, "withdraw"])


def form_data(**changed):
    form = AwardForm.objects.get(code="certificate")
    data = {"person_name": "Lê Thị Tiêu Biểu", "form": form.pk, "awarded_on": "01/05/2026", "decision_number": "15/QĐ"}
    return {name: value for name, value in (data | changed).items() if value is not None}


def test_a_person_is_praised_by_name(district_a, unit_officer_a, client_of):
    client_of(unit_officer_a).post(ADD, form_data(workplace="Tổ trưởng tổ may", occasion="Tháng Công nhân"))

    award = Award.objects.get()
    assert (str(award), award.unit, award.created_by) == ("Bằng khen cho Lê Thị Tiêu Biểu", district_a, unit_officer_a)


def test_a_unit_or_a_company_is_praised(district_a, unit_officer_a, company, client_of):
    client = client_of(unit_officer_a)

    client.post(ADD, form_data(person_name="", recipient_unit=district_a.pk))
    client.post(ADD, form_data(person_name="", organization=company.pk))

    assert sorted(award.recipient for award in Award.objects.all()) == ["Công ty An", "LĐLĐ huyện An"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"person_name": ""}, ONE),
        ({"organization": "company"}, ONE),
        ({"decision_number": ""}, "Phải ghi số quyết định hoặc chọn quyết định trong sổ văn bản."),
        ({"awarded_on": f"{today() + timedelta(days=2):%d/%m/%Y}"}, "Ngày quyết định khen thưởng không được sau hôm nay."),
        ({"person_name": "", "organization": "company", "workplace": "Tổ may"}, "Chức vụ, nơi làm việc chỉ ghi khi khen cá nhân."),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_writes_nothing(changed, sentence, company, unit_officer_a, client_of):
    changed = {name: company.pk if value == "company" else value for name, value in changed.items()}

    response = client_of(unit_officer_a).post(ADD, form_data(**changed))

    assert sentence in response.content.decode()
    assert not Award.objects.exists()


def test_the_database_holds_one_recipient_and_one_decision(award, company):
    for wrong in ({"organization": company}, {"person_name": ""}, {"decision_number": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(**wrong)


def test_a_decision_of_the_register_stands_for_its_number(province, unit_officer_a, client_of):
    kind = DocumentKind.objects.get(code="QĐ")
    decision = Document.objects.create(unit=province, kind=kind, number="77", symbol="QĐ-LĐLĐ", title="khen thưởng")

    client_of(unit_officer_a).post(ADD, form_data(decision_number="", decision=decision.pk))

    assert Award.objects.get().decision_words == "77/QĐ-LĐLĐ"


def test_a_withdrawn_award_stays_readable_and_counts_no_more(award, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    client.post(verb_url(award), {"reason": "Ghi nhầm người"})

    award.refresh_from_db()
    assert (award.state, award.withdrawn_reason) == ("withdrawn", "Ghi nhầm người")
    assert (list(Award.objects.standing()), list(Award.objects.all())) == ([], [award])
    page = client.get(reverse("admin:programs_award_change", args=[award.pk])).content.decode()
    assert 'name="_save"' not in page
    with pytest.raises(Refused, match="nên không làm được việc này"):
        award.withdraw(unit_officer_a, reason="Lần nữa")


@pytest.mark.parametrize("who", ["leader", "inspector", "unit_officer_b"])
def test_others_do_not_withdraw_it(who, request, award):
    with pytest.raises(Refused):
        award.withdraw(request.getfixturevalue(who), reason="x")


def test_the_list_is_searched_filtered_and_counted(award, district_a, unit_officer_a, company, client_of):
    make_award(district_a, unit_officer_a, person_name="", organization=company)
    make_award(district_a, unit_officer_a, person_name="Trần Văn Út").withdraw(unit_officer_a, reason="Nhầm")
    client = client_of(unit_officer_a)

    found = client.get(LIST, {"q": "le thi tieu bieu"}).context["cl"]
    people = client.get(LIST, {"khen": "ca-nhan"}).context["cl"]

    assert list(found.result_list) == [award]
    assert len(people.result_list) == 2
    assert client.get(LIST).context["cl"].summary == [
        ("2", "lượt khen thưởng"), ("1", "cá nhân"), ("0", "tập thể công đoàn"), ("1", "tổ chức bên ngoài"),
    ]  # fmt: skip


def test_a_corrected_date_counts_both_months_anew(award, unit_officer_a, client_of):
    Stale.objects.all().delete()

    client_of(unit_officer_a).post(
        reverse("admin:programs_award_change", args=[award.pk]), form_data(awarded_on="09/06/2026")
    )

    assert set(Stale.objects.values_list("source", "unit", "month")) == {
        ("activities", award.unit_id, date(2026, 5, 1)), ("activities", award.unit_id, date(2026, 6, 1)),
    }  # fmt: skip


def test_the_list_asks_the_same_number_of_queries_for_more_rows(
    district_a, unit_officer_a, client_of, django_assert_max_num_queries
):
    client, counts = client_of(unit_officer_a), []
    for wanted in (1, 3):
        while Award.objects.count() < wanted:
            make_award(district_a, unit_officer_a, person_name="", recipient_unit=district_a)
        client.get(LIST)
        with django_assert_max_num_queries(10_000) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]
