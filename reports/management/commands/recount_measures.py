from django.core.management.base import BaseCommand

from programs.models import Actual
from reports.measures.counting import recount_all


class Command(BaseCommand):
    help = "Count every indicator of the ledger from scratch, for all units and years."

    def handle(self, **options):
        recount_all()
        self.stdout.write(f"{Actual.objects.count()} cells counted.")
