"""What the page of a round shows above its form: where the money and the lists stand, and what may be done there."""

from collections import defaultdict

from django.db.models import Count, Sum
from django.urls import reverse

from beneficiaries.grants import desks
from beneficiaries.grants.chain import decides
from beneficiaries.grants.dossier_file import BANK, PARTS
from beneficiaries.grants.models import Advance, GrantRound, RoundFund, RoundPaper
from beneficiaries.grants.rows import VALUE
from beneficiaries.grants.todo import is_said_elsewhere
from welfare.documents.printing import FORMATS
from welfare.units.models import Unit

_DONE, _OUT = ("paid",), ("refused", "reversed", "returned")


def round_page(round: GrantRound, user) -> dict:
    grants = round.grants.for_user(user)
    papers = RoundPaper.objects.for_user(user).filter(round=round).select_related("unit", "file", "by")
    bound = round.grants.binding().total() if round.total_ceiling else 0
    return {
        "round": round,
        "summary": grants.by_state(),
        "by_unit": _by_unit(round, grants),
        "silent": _silent(round, user),
        "bound": bound,
        "bound_share": min(100, 100 * bound // round.total_ceiling) if round.total_ceiling else 0,
        "funds": RoundFund.objects.for_user(user).filter(round=round).select_related("fund"),
        "papers": papers[:30],
        "advances": Advance.objects.for_user(user).filter(round=round).select_related("unit", "fund"),
        "round_links": _links(round, grants, user),
        "may_propose": user.has_perm("beneficiaries.propose_grant") and round.takes_proposals(),
        "parts": _parts(user),
        "has_drafts": grants.waiting().exists(),
        "may_dossier": decides(user, round, "view_grant"),
        "decisions": sorted(set(grants.exclude(decision_number="").order_by().values_list("decision_number", flat=True))),
    }  # fmt: skip


def _by_unit(round, grants) -> list[dict]:
    """By the units right below the round's own, with all under each: counts, people and VND of what stands."""
    found = grants.order_by().values("unit__path", "state").annotate(
        count=Count("pk"), people=Sum("people_count"), total=Sum(VALUE)
    )  # fmt: skip
    length = len(round.unit.path) + Unit.steplen
    rows = defaultdict(lambda: {"count": 0, "people": 0, "total": 0, "waiting": 0, "paid": 0, "out": 0})
    for line in found:
        row = rows[line["unit__path"][:length]]
        if line["state"] in _OUT:
            row["out"] += line["count"]
            continue
        for name in ("count", "people", "total"):
            row[name] += line[name]
        row["paid"] += line["total"] if line["state"] in _DONE else 0
        row["waiting"] += line["count"] if line["state"] not in ("approved", "paid") else 0
    units = {unit.path: unit for unit in Unit.objects.filter(path__in=rows)}
    return [{"unit": units[path], **rows[path]} for path in sorted(rows) if path in units]


def _silent(round, user) -> list[Unit]:
    """Units right below that may propose and have sent nothing yet; for those who see them all."""
    if round.state != GrantRound.State.OPEN or not user.reach.covers(round.unit_id):
        return []
    below = Unit.objects.in_force().filter(path__startswith=round.unit.path, depth=round.unit.depth + 1)
    named = [unit.path for unit in round.proposers.all()]
    sent = {
        path[: len(round.unit.path) + Unit.steplen]
        for path in round.grants.order_by().values_list("unit__path", flat=True).distinct()
    }
    return [
        unit
        for unit in below
        if unit.path not in sent
        and (not named or any(unit.path.startswith(p) or p.startswith(unit.path) for p in named))
    ]


def _links(round, grants, user) -> list[dict]:
    """A button for each desk at which this user has something to do; those that only decide here stay in sight."""
    links = []
    for desk in desks.DESKS:
        permission = f"beneficiaries.{desk.permission}"
        if not user.has_perm(permission) or (desk.for_deciders and not decides(user, round, desk.permission)):
            continue
        count = desk.rows(round.grants.for_user(user, permission).order_by(), user).count()
        if count or desk in (desks.REVIEW, desks.PAY):
            url = reverse(f"beneficiaries:{desk.url_name}", args=[round.pk])
            mine = bool(count) and not is_said_elsewhere(desk, user)
            links.append({"url": url, "label": desk.title, "icon": desk.icon, "count": count, "is_mine": mine})
    return links


_PRINTED = {
    "round_submission": "Tờ trình",
    "round_decision": "Quyết định kèm danh sách",
    "round_list": "Danh sách được hỗ trợ",
    "round_signing": "Danh sách ký nhận",
    "round_summary": "Tổng hợp theo đơn vị",
    "round_bank": "Danh sách chuyển khoản",
    "round_board": "Bảng tượng trưng",
}


def _parts(user) -> list[dict]:
    """The parts of the dossier and the board for the ceremony, each with its formats: (ending, name)."""
    parts = [*PARTS, BANK] if user.has_perm("beneficiaries.view_identity") else PARTS
    parts = [*parts, ("round_board", "", None, ("pdf", "docx"))]
    return [
        {"kind": kind, "label": _PRINTED[kind], "formats": [(format, FORMATS[format].name) for format in formats]}
        for kind, _, _, formats in parts
    ]
