"""A plan with all its parts, written anew as a draft: for another year, or to replace itself."""

import re
from datetime import date

from django.db import transaction

from programs.plans.models import Assignment, Plan, Section
from programs.targets.models import TargetMilestone, TargetShare

_OF_ISSUE = {
    "state": Plan.State.DRAFT, "number": "", "issued_on": None, "dated_month": None, "dated_year": None,
    "in_force_on": None, "document_id": None, "return_reason": "",
}  # fmt: skip
_OF_DEED = {"state": Assignment.State.OPEN, "done_on": None, "evidence": "", "reopen_reason": ""}


@transaction.atomic
def copy_plan(plan: Plan, by, *, years=0, with_shares=False, supersedes=None) -> Plan:
    """Number, date and what was done stay behind; ``years`` moves the years of the fields on.

    The horizon and the vision are of what the plan serves, and stay.
    """
    last_year = plan.last_year and plan.last_year + years
    moved = {"first_year": plan.first_year + years, "last_year": last_year, "created_by": by, "supersedes": supersedes}
    moved["unit_plans_due_on"] = _moved(plan.unit_plans_due_on, years)
    copy = _again(plan, **_OF_ISSUE, **moved)
    for row in (*plan.bases.all(), *plan.recipients.all()):
        _again(row, plan=copy)
    sections = _copied_sections(plan, copy)
    for task in plan.assignments.with_parties():
        _copy_task(task, copy, sections, years)
    for target in plan.targets.prefetch_related("milestones", "shares"):
        _copy_target(target, copy, sections, years, with_shares)
    return copy


def _again(row, **changed):
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    for name, value in changed.items():
        fields[row._meta.get_field(name).attname] = getattr(value, "pk", value)
    copy = type(row)(**fields)
    copy.save()
    return copy


def _copied_sections(plan, copy) -> dict[int | None, Section | None]:
    """{id of a section: its copy}; a copy hangs under its parent's once all are there."""
    sections = list(plan.sections.all())
    copies = {section.pk: _again(section, plan=copy, parent=None) for section in sections}
    for section in sections:
        if section.parent_id:
            copies[section.pk].parent = copies[section.parent_id]
            copies[section.pk].save()
    return {None: None, **copies}


def _copy_task(task, copy, sections, years):
    made = _again(task, plan=copy, section=sections[task.section_id], due_on=_moved(task.due_on, years), **_OF_DEED)
    made.coordinator_departments.set(task.coordinator_departments.all())
    made.coordinator_units.set(task.coordinator_units.all())


def _copy_target(target, copy, sections, years, with_shares):
    """What is to be reached by the horizon or the vision keeps its year and milestones; they stay where they are."""
    is_far = target.year and target.year in (copy.horizon_year, copy.vision_year)
    years = 0 if is_far else years
    season = re.sub(r"\b(?:19|20)\d\d\b", lambda year: str(int(year[0]) + years), target.season)
    made = _again(
        target, plan=copy, section=sections[target.section_id], season=season, deadline=_moved(target.deadline, years),
        year=target.year and target.year + years, own_part=target.own_part if with_shares else 0,
    )  # fmt: skip
    milestones = [TargetMilestone(target=made, year=m.year + years, value=m.value) for m in target.milestones.all()]
    TargetMilestone.objects.bulk_create(milestones)
    if with_shares:
        shares = [TargetShare(target=made, unit_id=s.unit_id, value=s.value) for s in target.shares.all()]
        TargetShare.objects.bulk_create(shares)


def _moved(day: date | None, years: int) -> date | None:
    """The same day of another year; 29 February as the 28th."""
    if day is None:
        return None
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if is_leap_day and years else day.day)
