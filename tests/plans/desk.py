"""An officer at the screens: what they post, form by form, until a paper stands in the system."""

from django.urls import reverse

from programs.models import Indicator, Plan
from tests.plans.paper import Cited, Paper
from welfare.models import Department, Document, DocumentKind, Organization, Unit

_PARTS = ("bases", "sections", "targets", "assignments", "recipients")


class Desk:
    def __init__(self, client, province: Unit):
        self.client, self.province = client, province

    def enter(self, paper: Paper) -> Plan:
        """First what the plan rests on and its header; then its sections, level by level, and what stands in them."""
        kind = DocumentKind.objects.get(code=paper.kind)
        department = Department.objects.get(code=paper.header["department"])
        self.header = {**paper.header, "kind": kind.pk, "department": department.pk}
        if paper.implements:
            self.header["implements_document"] = self.document(paper.implements).pk
        bases = [{"verb": cited.verb, "document": self.document(cited).pk} for cited in paper.bases]
        recipients = [{"name": name, "purpose": purpose} for name, purpose in paper.recipients]
        self._post(reverse("admin:programs_plan_add"), bases=bases, recipients=recipients)
        self.plan = Plan.objects.get(title=paper.header["title"])
        self._write(paper.parts, parent=None)
        return self.plan

    def verb(self, name, **given):
        response = self.client.post(reverse("admin:programs_plan_verb", args=[self.plan.pk, name]), given)
        assert response.status_code == 302, response.content.decode()
        self.plan.refresh_from_db()

    def document(self, cited: Cited) -> Document:
        day, month, year = cited.date
        form = {
            "unit": self.province.pk, "kind": DocumentKind.objects.get(code=cited.kind).pk, "number": cited.number,
            "symbol": cited.symbol, "title": cited.title, "issuer_words": cited.issuer_words, "day": day or "",
            "month": month or "", "year": year or "",
        }  # fmt: skip
        form |= {"issuer": self._body(cited.issuer).pk} if cited.issuer else {"issuer_unit": self.province.pk}
        self._saved(self.client.post(reverse("admin:welfare_document_add"), form))
        return Document.objects.get(title=cited.title)

    def _body(self, name) -> Organization:
        if not Organization.objects.filter(name=name).exists():
            self._saved(self.client.post(reverse("admin:welfare_organization_add"), {"name": name, "kind": "other"}))
        return Organization.objects.get(name=name)

    def _write(self, parts, parent):
        known = list(self.plan.sections.values_list("pk", flat=True))
        rows = [{"number": p.number, "heading": p.heading, "body": p.body, "parent": parent or ""} for p in parts]
        self._change(sections=rows)
        made = self.plan.sections.exclude(pk__in=known).order_by("order")
        for part, section in zip(parts, made, strict=True):
            if part.goals or part.tasks:
                self._change(
                    targets=[self._goal(goal, section) for goal in part.goals],
                    assignments=[self._task(task, section) for task in part.tasks],
                )
            if part.parts:
                self._write(part.parts, section.pk)

    def _goal(self, goal, section):
        indicator = Indicator.objects.get(code=goal.indicator)
        return {
            "text": goal.text, "indicator": indicator.pk, "section": section.pk, "comparator": goal.comparator,
            "value": goal.value, "value_max": goal.value_max or "", "unit_of_measure": indicator.unit_of_measure,
            "combine": "anew", "binds_level": goal.level, "own_part": 0,
        }  # fmt: skip

    def _task(self, task, section):
        return {
            "text": task.text, "section": section.pk, "time_text": task.time, "due_on": task.due,
            "coordinators": task.others, "coordinator_level": task.joins_level or "",
            "lead_level": task.lead if isinstance(task.lead, int) and task.lead else "",
            "lead_department": self._key(Department, task.lead), "lead_unit": self._key(Unit, task.lead),
            "coordinator_departments": [key for code in task.joins if (key := self._key(Department, code))],
            "coordinator_units": [key for code in task.joins if (key := self._key(Unit, code))],
        }  # fmt: skip

    def _key(self, model, code):
        return model.objects.filter(code=code).values_list("pk", flat=True).first() or ""

    def _change(self, **rows):
        self._post(reverse("admin:programs_plan_change", args=[self.plan.pk]), **rows)

    def _post(self, url, **rows):
        data = {name: value for name, value in self.header.items() if value is not False}
        for part in _PARTS:
            given = rows.get(part, [])
            data |= {f"{part}-TOTAL_FORMS": len(given), f"{part}-INITIAL_FORMS": 0}
            for n, row in enumerate(given):
                data |= {f"{part}-{n}-{name}": value for name, value in {**row, "order": 0}.items()}
        self._saved(self.client.post(url, data))

    def _saved(self, response):
        assert response.status_code == 302, _complaints(response)


def _complaints(response) -> list:
    form = response.context["adminform"].form.errors
    inlines = [formset.formset.errors for formset in response.context.get("inline_admin_formsets", [])]
    return [form, *inlines]
