"""The demonstration province: units, accounts, plans, people, money, houses, rounds, activities and events."""

from random import Random

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from programs.models import Plan
from reports.models import Subscription
from welfare.management.demo.accounts import ACCOUNTS, PASSWORD, make_accounts
from welfare.management.demo.activities import Care
from welfare.management.demo.campaigns import make_campaigns
from welfare.management.demo.events import make_events
from welfare.management.demo.feedback import Letters
from welfare.management.demo.files import attach_evidence, keep_files
from welfare.management.demo.giving import close_months, make_giving
from welfare.management.demo.houses import Building
from welfare.management.demo.inspections import Inspecting
from welfare.management.demo.issued_papers import draft_papers
from welfare.management.demo.lists import upload_lists
from welfare.management.demo.loans import Lending
from welfare.management.demo.money import Books
from welfare.management.demo.organizations import make_donors, make_organizations
from welfare.management.demo.outer_forms import bring_forms
from welfare.management.demo.papers import register_papers
from welfare.management.demo.people import make_people
from welfare.management.demo.photos import take_photos
from welfare.management.demo.plans import Plans
from welfare.management.demo.province import Province
from welfare.management.demo.reports import make_reports
from welfare.management.demo.rounds import Rounds
from welfare.management.demo.unit_rounds import UnitRounds, sign_receipts
from welfare.management.demo.units import appoint_keepers, make_units
from welfare.management.demo.visits import make_visits
from welfare.models import Unit, User
from welfare.units.models import today

_SEED = 83
_PEOPLE, _FEW_PEOPLE = 3_000, 300


class Command(BaseCommand):
    help = "Nạp tỉnh minh họa vào cơ sở dữ liệu trống. Không chạy trên hệ thống thật."

    def add_arguments(self, parser):
        parser.add_argument("--small", action="store_true", help=f"{_FEW_PEOPLE} người, để kiểm thử")
        parser.add_argument("--people", type=int, metavar="N", help=f"số người, mặc định {_PEOPLE}")

    def handle(self, *args, small, people, **options):
        if settings.PRODUCTION:
            raise CommandError("Không nạp dữ liệu minh họa vào hệ thống thật (DJANGO_ENV=production).")
        if Unit.objects.exists():
            self.stdout.write("Hệ thống đã có đơn vị nên không nạp tỉnh minh họa; không có gì thay đổi.")
            return
        size = people or (_FEW_PEOPLE if small else _PEOPLE)
        province = Province(today=today(), size=size, random=Random(_SEED))
        with transaction.atomic():
            plans = seed(province)
        if not small:  # a test's copy of the database comes without the uploaded files
            upload_lists(province)
            take_photos(province)
            sign_receipts(province)
            attach_evidence(province)
            bring_forms(province)
        close_months(province)
        if "recount_measures" in get_commands():
            call_command("recount_measures", stdout=self.stdout)
        make_reports(province, plans)
        leader = User.objects.get(username="lanhdao")
        Subscription.objects.create(user=leader, unit=leader.unit)
        draft_papers(province, plans, with_files=not small)
        names = ", ".join(username for username, *_ in ACCOUNTS)
        self.stdout.write(f"Đã nạp tỉnh minh họa với {size} người. Tài khoản, mật khẩu chung {PASSWORD}: {names}.")


def seed(province: Province) -> dict[str, Plan]:
    """Make the province, then do on each day up to today what was done that day. Returns its plans by their keys."""
    make_units(province)
    make_accounts(province)
    appoint_keepers(province)
    organizations = make_organizations(province)
    donors = make_donors(province, organizations)
    plans = Plans(province, register_papers(province, organizations))
    make_people(province)
    books = Books(province, donors)
    houses = Building(province, books.funds, donors, count=34 if province.size >= _PEOPLE else 26)
    rounds = Rounds(province, books.funds, plans.by_key)
    acts = [*plans.acts(), *books.acts(), *houses.acts(), *houses.duty_house(), *rounds.acts(), *Care(province).acts()]
    acts += Lending(province).acts()
    acts += Letters(province).acts()
    acts += Inspecting(province).acts()
    acts += UnitRounds(province).acts()
    for act in sorted(acts, key=lambda act: act.on):
        if act.on <= province.today:
            act.do()
    make_visits(province)
    keep_files(province)
    make_campaigns(province, books.funds["QXH"])
    make_giving(province, books.funds, donors)
    make_events(province, plans.by_key, books.funds["QXH"])
    return plans.by_key
