from django.db import models, transaction

from programs.targets.models import mark_stale
from welfare.scoping import ScopedQuerySet
from welfare.vietnamese import fold

SOURCE = "activities"


class CareQuerySet(ScopedQuerySet):
    def search(self, text: str):
        """Rows that have every word of ``text``, accents and capitals aside."""
        found = self
        for word in fold(text).split()[:8]:
            found = found.filter(search_text__contains=word)
        return found


class CareRow(models.Model):
    """Something a unit did, keeps running, gave or signed; found without accents, and counted by measures.

    ``counted_dates``: each save says which months to count anew; those the row was in before the save count too, so
    that a corrected date leaves nothing behind. ``searched``: attribute paths whose words find the row.
    """

    search_text = models.TextField(editable=False, default="")

    counted_dates: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, **options):
        self.search_text = fold(" ".join(str(getattr(self, name) or "") for name in self.searched))
        with transaction.atomic():
            super().save(**options)
            now = self._days()
            mark_stale(SOURCE, self.unit_id, *sorted(now | getattr(self, "_counted_before", set())))
            self._counted_before = now

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        row._counted_before = row._days()
        return row

    def _days(self) -> set:
        """Of the fields that were read; one left out by ``only`` or ``defer`` was not changed either."""
        return {day for name in self.counted_dates if (day := self.__dict__.get(name))}
