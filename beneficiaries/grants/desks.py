"""The steps of a round that are taken on many grants at once: what each lists, and what may be done there."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from beneficiaries.grants import forms
from beneficiaries.grants.models import Grant, GrantRound
from welfare.units.models import Unit
from welfare.verbs import ReasonForm, VerbForm


@dataclass(frozen=True)
class Act:
    """A button over the chosen grants: a verb of ``GrantQuerySet`` and the form of what it asks."""

    name: str
    label: str
    heading: str
    done: str
    form: type[VerbForm]
    is_danger: bool = False


@dataclass(frozen=True)
class Desk:
    """``rows(grants, user)``: those of ``grants`` on which ``user`` acts here. ``todo``: in words on the to-do list.

    ``for_deciders``: a step of the round's own unit (see ``chain``). ``candidates``: what a ticked box may name where
    that is more than the rows listed; the verb has the last word. ``signs``: somebody may have signed instead.
    """

    url_name: str
    permission: str
    title: str
    icon: str
    rows: Callable
    acts: tuple[Act, ...]
    todo: str
    nothing: str
    note: str = ""
    for_deciders: bool = True
    candidates: Callable | None = None
    signs: bool = False


_SEND_BACK = Act("send_back", "Trả lại", "Trả lại các khoản đã chọn", "Đã trả lại", ReasonForm, is_danger=True)


def _to_forward(grants, user):
    """Also what the forwarding unit proposed itself, so that all goes up as one list."""
    reach = user.reach_for("beneficiaries.propose_grant")
    if reach.writes_all:
        return grants.to_forward()
    under = Q(pk__in=[])
    for unit in Unit.objects.filter(pk__in=reach.own, numchild__gt=0):
        under |= Q(unit__path__startswith=unit.path, round__unit__depth=unit.depth - 1)
    return grants.filter(under, state=Grant.State.PROPOSED)


def _to_resubmit(grants, user):
    reach = user.reach_for("beneficiaries.propose_grant")
    rows = grants.returned().filter(round__state=GrantRound.State.OPEN)
    return rows if reach.writes_all else rows.filter(unit__in=reach.own)


FORWARD = Desk(
    "round_forward", "propose_grant", "Chuyển danh sách lên cấp trên", "forward_to_inbox", _to_forward,
    (Act("forward", "Chuyển lên", "Chuyển các khoản đã chọn", "Đã chuyển", forms.ForwardForm), _SEND_BACK),
    "khoản của cấp dưới chờ chuyển", "Không có đề nghị nào chờ chuyển lên",
    "Các khoản đã chọn đi thành một danh sách kèm một công văn; khoản chưa đúng thì trả lại đơn vị kèm lý do.",
    for_deciders=False,
)  # fmt: skip
RESUBMIT = Desk(
    "round_resubmit", "propose_grant", "Đề nghị bị trả lại", "undo", _to_resubmit,
    (Act("resubmit", "Gửi lại", "Gửi lại các khoản đã chọn", "Đã gửi lại", VerbForm),),
    "khoản bị trả lại", "Không có đề nghị nào bị trả lại",
    "Sửa từng khoản theo lý do trả lại (bấm vào giá trị), rồi chọn và gửi lại.", for_deciders=False,
)  # fmt: skip
APPRAISE = Desk(
    "round_appraise", "appraise_grant", "Thẩm định các đề nghị", "rule",
    lambda grants, user: grants.to_appraise().exclude(proposed_by=user),
    (Act("appraise", "Thẩm định", "Thẩm định các khoản đã chọn", "Đã thẩm định", forms.AppraisalForm), _SEND_BACK),
    "khoản đề nghị chờ thẩm định", "Không còn khoản nào chờ bạn thẩm định",
)  # fmt: skip
REVIEW = Desk(
    "round_review", "approve_grant", "Duyệt các đề nghị", "fact_check",
    lambda grants, user: grants.waiting().of_others(user),
    (
        Act("approve", "Duyệt", "Duyệt các khoản đã chọn", "Đã duyệt", forms.ApprovalForm),
        Act("refuse", "Không duyệt", "Không duyệt các khoản đã chọn", "Đã ghi không duyệt", ReasonForm, is_danger=True),
        _SEND_BACK,
    ),
    "khoản đề nghị chờ duyệt", "Không còn khoản nào chờ bạn duyệt",
    candidates=lambda grants: grants.waiting(),
)  # fmt: skip
ISSUE = Desk(
    "round_issue", "approve_grant", "Ghi quyết định hỗ trợ", "gavel",
    lambda grants, user: grants.to_decide().of_others(user),
    (Act("issue", "Ghi quyết định", "Ghi quyết định đã ký cho các khoản đã chọn", "Đã ghi quyết định cho", forms.IssueForm),),
    "khoản đã duyệt chờ ghi quyết định", "Không có khoản đã duyệt nào chờ quyết định",
)  # fmt: skip
PAY = Desk(
    "round_pay", "pay_grant", "Chi các khoản đã duyệt", "payments",
    lambda grants, user: grants.payable(),
    (
        Act("pay", "Chi", "Chi các khoản đã chọn", "Đã chi", forms.PaymentForm),
        Act("advance_to", "Tạm ứng", "Tạm ứng cho đơn vị chi các khoản đã chọn", "Đã tạm ứng", forms.AdvanceForm),
    ),
    "khoản đã duyệt chờ chi", "Không có khoản đã duyệt nào chờ chi",
    "Chi tất cả các khoản đã chọn trong một lần: hoặc tất cả được ghi, hoặc không khoản nào. Hiện vật và nguồn ngoài sổ "
    "không trừ vào quỹ.",
)  # fmt: skip
RECEIVE = Desk(
    "round_receive", "receive_grant", "Nộp danh sách ký nhận", "draw",
    lambda grants, user: grants.to_receive(),
    (Act("receive", "Nộp danh sách", "Những người đã chọn đã ký nhận", "Đã ghi ký nhận", forms.ReceiptForm),),
    "khoản chưa có danh sách ký nhận", "Mọi khoản đã chi đều có danh sách ký nhận",
    "Chọn những người đã ký trên danh sách rồi gửi bản quét; khoản đơn vị chi từ tiền tạm ứng được tính là đã chi từ lúc này.",
    for_deciders=False, signs=True,
)  # fmt: skip
DESKS = (FORWARD, RESUBMIT, APPRAISE, REVIEW, ISSUE, PAY, RECEIVE)
