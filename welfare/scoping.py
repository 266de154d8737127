"""Which rows a user may see. Every list, form, export, print and count starts from ``for_user``.

A model names its kind of scope in the class attribute ``scope``:

``Owned(unit)``       rows of units in my subtree (people, grants, houses, uploads)
``SharedDown(unit)``  rows a unit above me issued and that bind me, besides those of my subtree (plans, rounds, events)
``Structure(unit)``   the organisation itself (units, accounts, audit): administrators see it, without any person's data
``Catalogue()``       the same for everyone (kinds, occasions)
``Via(field)``        as the row it belongs to
"""

from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q


@dataclass(frozen=True)
class Reach:
    """What one user's appointments reach today, as unit ids. ``province``: reads every unit; ``writes_all``: writes too."""

    province: bool = False
    read: frozenset[int] = field(default_factory=frozenset)
    own: frozenset[int] = field(default_factory=frozenset)
    above: frozenset[int] = field(default_factory=frozenset)
    writes_all: bool = False

    def covers(self, unit_id) -> bool:
        return self.province or unit_id in self.read

    def may_write(self, unit_id) -> bool:
        """Officers read their subtree and write their own unit; the province writes everywhere."""
        return self.writes_all or unit_id in self.own


def _in_units(reach: Reach, path: str) -> Q:
    return Q() if reach.province else Q(**{f"{path}__in": reach.read})


@dataclass(frozen=True)
class Owned:
    unit: str = "unit"

    def q(self, model, user, prefix=""):
        return _in_units(user.reach, prefix + self.unit)


@dataclass(frozen=True)
class SharedDown:
    unit: str = "unit"
    once: Q | None = None  # what makes a row of a unit above visible below it, such as being issued

    def q(self, model, user, prefix=""):
        reach = user.reach
        if reach.province:
            return Q()
        return _in_units(reach, prefix + self.unit) | (
            Q(**{f"{prefix}{self.unit}__in": reach.above}) & _prefixed(self.once or Q(), prefix)
        )


@dataclass(frozen=True)
class Structure:
    unit: str = "unit"

    def q(self, model, user, prefix=""):
        return _in_units(user.structure_reach, prefix + self.unit)


@dataclass(frozen=True)
class Catalogue:
    def q(self, model, user, prefix=""):
        return Q()


@dataclass(frozen=True)
class Via:
    field: str

    def q(self, model, user, prefix=""):
        related = model._meta.get_field(self.field).related_model
        return related.scope.q(related, user, f"{prefix}{self.field}__")


def _prefixed(condition: Q, prefix: str) -> Q:
    moved = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        moved.children.append(_prefixed(child, prefix) if isinstance(child, Q) else (prefix + child[0], child[1]))
    return moved


class ScopedQuerySet(models.QuerySet):
    def for_user(self, user, permission: str | None = None):
        """Rows this user may see; nothing for someone signed out or without an appointment in force.

        ``permission``: only those on which it counts, being in reach of an appointment that gives it.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        holder = user.only_with(permission) if permission else user
        return self.filter(self.model.scope.q(self.model, holder))


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)
