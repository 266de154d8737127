"""Sections of the progress report that tell of houses, late reports, difficulties and what comes next."""

import dataclasses
import re
from collections import Counter
from datetime import date, timedelta

from django.db.models import Q

from beneficiaries.houses.stages import WAY
from beneficiaries.models import House
from programs.models import Proposal, UnitReport
from welfare.documents.blocks import Bullet, Column, Heading, Paragraph, Table
from welfare.documents.layout import roman
from welfare.vietnamese import format_number, within

_OWN_NUMBER = re.compile(r"^(?:-|\d+[.)])\s+")
_MOST = 40  # of a list in the text; what goes beyond is counted
_AHEAD = timedelta(days=92)


def captioned(sections) -> list:
    """Sections that have something to say, and their tables, numbered as they come."""
    blocks, tables = [], 0
    for number, (title, found) in enumerate([each for each in sections if each[1]], 1):
        blocks.append(Heading(title, roman(number)))
        for block in found:
            if isinstance(block, Table):
                tables += 1
                block = dataclasses.replace(block, caption=f"Bảng {tables}. {block.caption}")
            blocks.append(block)
    return blocks


def houses_of(user, unit, until: date) -> list:
    """Houses of the year by the step they have reached, with what they cost and what union funds give."""
    if not user.has_perm("beneficiaries.view_house"):
        return []
    houses = House.objects.for_user(user).filter(unit__path__startswith=unit.path, year=until.year, state__in=WAY)
    counts, new, costs = Counter(), Counter(), Counter()
    for state, construction, cost in houses.values_list("state", "construction", "cost"):
        counts[state] += 1
        new[state] += construction == "new"
        costs[state] += cost
    if not counts:
        return []
    rows = [
        [state.label, counts[state], new[state], counts[state] - new[state], costs[state]]
        for state in WAY
        if counts[state]
    ]
    total = ["Cộng", *(sum(row[n] for row in rows) for n in range(1, 5))]
    columns = [Column("Bước đã đến", 3), Column("Số nhà", 1.2), Column("Xây mới", 1.2), Column("Sửa chữa", 1.2),
               Column("Tổng kinh phí", 2.2)]  # fmt: skip
    said = f"Trong năm {until.year} có {format_number(total[1])} căn nhà trong chương trình."
    table = Table(
        columns, rows, total=total, numbered=True, caption="Nhà theo từng bước", note="Đơn vị tính tiền: đồng"
    )
    return [Paragraph(said), table]


def late_reports(user, plan, unit, first: date, until: date) -> list:
    """Units whose report on the plan is past its deadline."""
    if not user.has_perm("programs.view_unitreport"):
        return []
    states = UnitReport.State
    late = UnitReport.objects.for_user(user).filter(
        Q(state__in=[states.DRAFT, states.RETURNED]), period__rule__plan=plan, unit__path__startswith=unit.path,
        due_on__range=(first, until - timedelta(days=1)),
    )  # fmt: skip
    found = list(late.select_related("unit", "department", "period").order_by("period__due_on", "unit__path"))
    by_period: dict = {}
    for report in found:
        by_period.setdefault(report.period, []).append(report.writer)
    return [
        Bullet(f"Chưa gửi báo cáo {within(period.name)} (hạn {period.due_on:%d/%m/%Y}): {_listed(names)}.")
        for period, names in by_period.items()
    ]


def _listed(names) -> str:
    more = f" và {format_number(len(names) - _MOST)} nơi khác" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def difficulties(user, plan, unit, first: date, until: date) -> list:
    """What accepted reports and units raised on the plan in that time, with what was answered."""
    if not user.has_perm("programs.view_proposal"):
        return []
    raised = Proposal.objects.for_user(user).exclude(state=Proposal.State.WITHDRAWN).filter(
        Q(report=None) | Q(report__state=UnitReport.State.ACCEPTED), plan=plan, unit__path__startswith=unit.path,
        raised_on__range=(first, until),
    )  # fmt: skip
    found = list(raised.select_related("unit", "to_department", "to_organization").order_by("unit__path", "pk"))
    blocks = [Bullet(_difficulty(each)) for each in found[:_MOST]]
    if len(found) > _MOST:
        blocks.append(Paragraph(f"Còn {format_number(len(found) - _MOST)} ý kiến khác trong mục Khó khăn, kiến nghị."))
    return blocks or [Paragraph("Các đơn vị không nêu khó khăn, kiến nghị.")]


def _difficulty(proposal) -> str:
    to = f" (đề nghị {proposal.addressee} trả lời)" if proposal.addressee and not proposal.answer else ""
    answer = f" (đã trả lời: {plain(proposal.answer)})" if proposal.answer else ""
    return f"{proposal.unit.short_name}: {plain(proposal.text)}{to}{answer}."


def next_steps(plan, tasks, until: date) -> list:
    """The plan's open tasks that fall due in the next three months."""
    due = tasks.filter(due_on__range=(until, until + _AHEAD))
    blocks = [Bullet(f"{plain(task.text)} ({_who(task)}trước ngày {task.due_on:%d/%m/%Y}).") for task in due[:_MOST]]
    return blocks or [
        Paragraph(f"Tiếp tục thực hiện các chỉ tiêu, nhiệm vụ của {plan.kind.name.lower()} đúng tiến độ.")
    ]


def _who(task) -> str:
    return f"{task.leads}, " if task.leads else ""


def plain(text: str) -> str:
    """A sentence without its own number or list mark and without its full stop."""
    return _OWN_NUMBER.sub("", " ".join(text.split())).rstrip(" .;")
