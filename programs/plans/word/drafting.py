"""What was understood becomes a draft plan with all its parts, and notes on what an officer should look at."""

from datetime import date

from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.plans.word.found import FoundPlan, FoundSection, FoundTarget, FoundTask
from programs.plans.word.indicators import Indicators
from programs.plans.word.names import Names, normal
from programs.plans.word.register import Register
from welfare.units.models import Unit, User, today

_FALLBACK_KIND = "Kế hoạch"
_NO_TITLE = "Dự thảo chưa có trích yếu"


def write_draft(found: FoundPlan, *, unit: Unit, by: User, name: str) -> tuple[Plan, dict]:
    """(the plan, {part's key: {"lines", "unsure"}}). ``name``: what to call a plan that has no title. In a transaction."""
    return _Draft(found, unit, by).write(name)


class _Draft:
    def __init__(self, found: FoundPlan, unit: Unit, by: User):
        self._found, self._unit, self._by = found, unit, by
        self._names = Names(unit)
        cited = [basis.citation for basis in found.bases] + ([found.implements] if found.implements else [])
        self._register = Register(by, unit, self._names, cited)
        self._indicators = Indicators()
        self._origins: dict[str, dict] = {}
        self._orders = {"muc": 0, "chi-tieu": 0, "nhiem-vu": 0}

    def write(self, name: str) -> tuple[Plan, dict]:
        self._plan = self._write_plan(name)
        self._write_bases()
        for section in self._found.sections:
            self._write_section(section, None)
        for order, row in enumerate(self._found.recipients):
            made = Recipient.objects.create(plan=self._plan, order=order, name=row.name, purpose=row.purpose)
            self._note("noi-nhan", made, [row.at])
        return self._plan, self._origins

    # The plan's own fields -------------------------------------------------------------------------

    def _write_plan(self, name: str) -> Plan:
        found = self._found
        implements, unsure = self._register.document(found.implements) if found.implements else (None, "")
        body = {"issuing_body": found.issuing_body} if found.issuing_body else {}
        plan = Plan.objects.create(
            unit=self._unit, created_by=self._by, kind=self._register.kind(found.kind or _FALLBACK_KIND), number=found.number,
            symbol=found.symbol, place=found.place, issued_on=self._issued_on(), title=found.title or name or _NO_TITLE,
            summary="\n".join(found.summary), closing="\n".join(found.closing), capacity=found.capacity,
            signer_title=found.signer_title, signer_name=found.signer_name, first_year=found.first_year or today().year,
            last_year=found.last_year, horizon_year=found.horizon_year, vision_year=found.vision_year,
            implements_document=implements, **body,
        )  # fmt: skip
        self._note_fields(plan, unsure)
        return plan

    def _issued_on(self) -> date | None:
        found = self._found
        try:
            return date(found.year, found.month, found.day)
        except (TypeError, ValueError):
            return None

    def _note_fields(self, plan: Plan, about_implements: str):
        found = self._found
        head = [
            "" if found.kind else f"Văn bản không ghi loại; tạm ghi là {plan.kind}.",
            "" if found.title else "Văn bản không có trích yếu.",
            found.unsure.get("title", ""),
            self._about_date(plan),
            self._about_issuer(),
        ]
        self._note("dau", plan, [], head)
        years = [] if found.first_year else [f"Văn bản không ghi năm; tạm ghi {plan.first_year}."]
        self._note("thoi-ky", plan, [], [*years, about_implements])
        self._note("loi-dan", plan, [], [found.unsure.get("summary", "")])
        signed = "" if found.signer_name else "Văn bản không có người ký."
        self._note("ky", plan, [], [signed])

    def _about_date(self, plan: Plan) -> str:
        found = self._found
        if plan.issued_on or not found.year:
            return ""
        month = f"tháng {found.month} năm {found.year}" if found.month else f"năm {found.year}"
        return f"Văn bản chỉ ghi {month}, chưa có ngày."

    def _about_issuer(self) -> str:
        """The letterhead is the unit's; another one in the file is worth a look."""
        head = self._unit.letterhead()
        known = {normal(name) for name in (self._unit.name, self._unit.short_name, head.issuer if head else "") if name}
        issuer = self._found.issuer
        if not issuer or any(name in normal(issuer) or normal(issuer) in name for name in known):
            return ""
        return f"Văn bản ghi cơ quan ban hành là “{issuer}”, kế hoạch này đứng tên {self._unit.name}."

    # Its parts -------------------------------------------------------------------------------------

    def _write_bases(self):
        for order, basis in enumerate(self._found.bases):
            document, unsure = self._register.document(basis.citation)
            made = LegalBasis.objects.create(plan=self._plan, order=order, verb=basis.verb, document=document)
            self._note("can-cu", made, [basis.at], [unsure])

    def _write_section(self, found: FoundSection, parent: Section | None):
        made = Section.objects.create(
            plan=self._plan, parent=parent, order=self._next("muc"), number=found.number, heading=found.heading, body=found.text
        )  # fmt: skip
        lost = [target for target in found.targets if not self._write_target(target, made)]
        for task in found.tasks:
            self._write_task(task, made)
        self._note("muc", made, [found.at, *(at for at, _ in found.body)], [found.unsure, _about_lost(lost)])
        for child in found.children:
            self._write_section(child, made)

    def _write_target(self, found: FoundTarget, section: Section) -> bool:
        target = self._indicators.target(self._plan, section, found, self._names)
        if target is None:
            return False
        target.order = self._next("chi-tieu")
        target.save()
        self._note("chi-tieu", target, [found.at], [f"Chỉ số “{target.indicator}” được đoán theo câu chữ."])
        return True

    def _write_task(self, found: FoundTask, section: Section):
        lead = self._names.lead(found.lead, all_of_them=found.whole_lead)
        departments, units, level = self._names.joins(found.coordinators)
        made = Assignment.objects.create(
            plan=self._plan, section=section, order=self._next("nhiem-vu"), text=found.text, lead_department=lead.department,
            lead_unit=lead.unit, lead_level=lead.level, coordinator_level=level, time_text=found.time, due_on=found.due_on,
            coordinators="" if departments or units or level else found.coordinators,
        )  # fmt: skip
        made.coordinator_departments.set(departments)
        made.coordinator_units.set(units)
        self._note(
            "nhiem-vu",
            made,
            [found.at],
            [found.unsure, "" if lead else "Văn bản không nói rõ ai chủ trì; bổ sung nếu có."],
        )

    # Notes -----------------------------------------------------------------------------------------

    def _next(self, kind: str) -> int:
        self._orders[kind] += 1
        return self._orders[kind] - 1

    def _note(self, kind: str, row, lines: list[int], unsure=()):
        said = " ".join(filter(None, unsure))
        self._origins[f"{kind}-{row.pk}"] = {"lines": sorted(set(lines)), "unsure": said}


def _about_lost(lost: list[FoundTarget]) -> str:
    if not lost:
        return ""
    figures = ", ".join(f"“{target.figure.wanted()}”" for target in lost[:5])
    return f"Chưa rõ {figures} thuộc chỉ số nào nên chưa ghi thành chỉ tiêu."
