"""The plans: what was written becomes rows, and each is issued, shared out and closed on its day."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from programs.models import Assignment, Indicator, LegalBasis, Plan, Recipient, Section, Target
from programs.targets.milestones import set_milestones
from programs.targets.shares import share_out
from welfare.management.demo.plan_backing import backing_plan
from welfare.management.demo.plan_care import care_plan
from welfare.management.demo.plan_parts import Figure, Paper, Part, Task
from welfare.management.demo.plan_programme import action_programme
from welfare.management.demo.plan_tet import tet_plan
from welfare.management.demo.province import Act, Province, tet
from welfare.models import DocumentKind

_QUICK_UNITS = ("BATRI", "GIONGTROM", "KCN", "CHAUTHANH", "YTE", "THANHPHO", "BINHDAI")


class Plans:
    def __init__(self, province: Province, papers):
        self._province, self._papers = province, papers
        self._kinds = {kind.code: kind for kind in DocumentKind.objects.all()}
        self._indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
        self._written = [(paper, self._write(paper)) for paper in self._texts()]
        self.by_key = {paper.key: plan for paper, plan in self._written}

    def _texts(self) -> list[Paper]:
        year, coming = self._province.year, self._province.coming_tet
        issued = [
            min(tet(y) - timedelta(days=97), self._province.today - timedelta(days=15)) for y in (coming - 1, coming)
        ]
        return [
            backing_plan(),
            action_programme(),
            care_plan(year - 1, number="12", issued=True),
            tet_plan(coming - 1, number="214", issued=issued[0]),
            care_plan(year, number="09", issued=True),
            tet_plan(coming, number="227", issued=issued[1]),
            care_plan(year + 1, number="", issued=False),
        ]

    def _write(self, paper: Paper) -> Plan:
        signer = self._province.users[paper.signer]
        plan = Plan.objects.create(
            unit=self._province.root, kind=self._kinds[paper.kind], symbol=paper.symbol, place="Bến Tre", title=paper.title,
            summary=paper.summary, closing=paper.closing, issuing_body=paper.body, department=self._province.departments["CSPL"],
            first_year=paper.first_year, last_year=paper.last_year, horizon_year=paper.horizon_year,
            vision_year=paper.vision_year, asks_unit_plans=paper.unit_plans_due is not None,
            unit_plans_due_on=paper.unit_plans_due,
            implements_document=self._papers.get(paper.implements), signer_name=signer.full_name,
            signer_title="PHÓ CHỦ TỊCH" if paper.signer == "lanhdao2" else "CHỦ TỊCH", created_by=self._province.users["canbo"],
        )  # fmt: skip
        for n, (verb, key) in enumerate(paper.bases):
            LegalBasis.objects.create(plan=plan, order=n, verb=verb, document=self._papers[key])
        self._write_parts(plan, None, paper.parts)
        for n, task in enumerate(paper.tasks):
            self._write_task(plan, n, task)
        Recipient.objects.bulk_create(
            Recipient(plan=plan, order=n, name=name, purpose=purpose)
            for n, (name, purpose) in enumerate(paper.recipients)
        )
        return plan

    def _write_parts(self, plan, parent, parts: tuple[Part, ...]):
        for n, part in enumerate(parts):
            section = Section.objects.create(
                plan=plan, parent=parent, order=n, number=part.number, heading=part.heading, body=part.body
            )
            for figure in part.figures:
                self._write_target(plan, section, figure)
            self._write_parts(plan, section, part.parts)

    def _write_target(self, plan, section, figure: Figure):
        target = Target.objects.create(
            plan=plan, section=section, order=plan.targets.count(), text=figure.text, comparator=figure.comparator,
            indicator=self._indicators[figure.indicator], value=figure.value, value_max=figure.value_max,
            unit_of_measure=figure.measure, deadline=figure.deadline, year=figure.year or plan.first_year, season=figure.season,
            combine=figure.combine, binds_level=figure.level, department=self._province.departments[figure.department],
        )  # fmt: skip
        set_milestones(target, figure.milestones)
        if figure.shares:
            shares = {self._province.units[code].pk: Decimal(count) for code, count in figure.shares.items()}
            shares[plan.unit_id] = Decimal(figure.own_part)
            share_out(plan, self._province.users["canbo"], {target.pk: shares})

    def _write_task(self, plan, order, task: Task):
        departments, units = self._province.departments, self._province.units
        made = Assignment.objects.create(
            plan=plan, order=order, text=task.text, time_text=task.time, due_on=task.due,
            lead_level=task.lead if isinstance(task.lead, int) else None, lead_department=departments.get(task.lead),
            lead_unit=units.get(task.lead), coordinator_level=task.joins if isinstance(task.joins, int) else None,
        )  # fmt: skip
        made.coordinator_departments.set(found for code, found in departments.items() if code == task.joins)
        made.coordinator_units.set(found for code, found in units.items() if code == task.joins)

    def acts(self) -> list[Act]:
        return [act for paper, plan in self._written for act in self._of_paper(paper, plan)]

    def _of_paper(self, paper: Paper, plan: Plan) -> list[Act]:
        writer, leader = self._province.users["canbo"], self._province.users[paper.signer]
        if paper.issued is None:
            return [Act(date(paper.first_year - 1, 11, 10), partial(plan.submit, writer))]
        acts = [
            Act(paper.issued - timedelta(days=4), partial(plan.submit, writer)),
            Act(paper.issued, partial(plan.issue, leader, number=paper.number, on=paper.issued)),
        ]
        acts += [
            Act(task.due, partial(self._finish, plan, n, task)) for n, task in enumerate(paper.tasks) if task.evidence
        ]
        if paper.unit_plans_due:
            acts += [
                Act(day, partial(self._issue_unit_plan, plan, code, day, paper.closed))
                for n, code in enumerate(_QUICK_UNITS)
                for day in [paper.issued + timedelta(days=12 + 3 * n)]
            ]
        if paper.closed:
            acts.append(Act(paper.closed, partial(plan.close, leader, on=paper.closed)))
        return acts

    def _finish(self, plan, order, task: Task):
        assignment = plan.assignments.get(order=order)
        assignment.finish(self._province.users["canbo"], evidence=task.evidence, on=task.due)

    def _issue_unit_plan(self, above: Plan, code: str, on: date, closed: date | None):
        """What a unit draws up for itself after the province's plan."""
        unit, officer = self._province.units[code], self._province.users[code.lower()]
        plan = Plan.objects.create(
            unit=unit, kind=above.kind, symbol="KH-LĐLĐ", place="Bến Tre", title=f"Triển khai {above}", implements_plan=above,
            issuing_body=f"Ban Thường vụ {unit.name}", first_year=above.first_year, signer_name=officer.full_name,
            signer_title="PHÓ CHỦ TỊCH", created_by=officer,
        )  # fmt: skip
        plan.issue(officer, number="02", on=on)
        if closed and closed <= self._province.today:
            plan.close(officer, on=closed)
