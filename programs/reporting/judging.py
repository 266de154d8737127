"""What a receiver does about reports: look at who owes them, accept, return with comments, reopen, extend."""

from collections import defaultdict

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from programs.reporting.board import ALL_PERIODS, KEPT, ORDERS, Board, rows_of
from programs.reporting.contents import TEXTS
from programs.reporting.models import UnitReport
from welfare.asked import whole_numbers
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import today
from welfare.verbs import ReasonForm, VerbForm

NONE_CHOSEN = "Chưa chọn báo cáo nào; hãy đánh dấu vào ô đầu dòng."


@page(permission="programs.view_unitreport")
def report_board(request):
    """See ``Board`` for what may be asked after the question mark."""
    board = Board(request.user, request.GET.dict())
    context = {
        "title": "Theo dõi báo cáo",
        "tab": "board",
        "board": board,
        "orders": {name: title for name, (title, _) in ORDERS.items()},
        "all_periods": ALL_PERIODS,
        "kept": KEPT,
        "keeps_units": bool(request.user.kept_unit_ids),
        "here": request.get_full_path(),
        "may_accept": request.user.has_perm("programs.accept_unitreport"),
        "may_extend": request.user.has_perm("programs.extend_unitreport"),
    }
    return render_page(request, "programs/report_board.html", context)


# One report -----------------------------------------------------------------------------------------


@page(permission="programs.accept_unitreport", methods=("POST",))
def report_accept(request, report_id):
    """By a button of the board the row comes back as it stands then, by one of a page that page."""
    report = _report(request.user, report_id)
    refusal = _refusal(lambda: report.accept(request.user))
    if not request.htmx:
        messages.error(request, refusal) if refusal else messages.success(request, "Đã duyệt báo cáo.")
        return redirect(_back(request, report))
    row = rows_of(request.user, UnitReport.objects.filter(pk=report.pk))[0]
    context = {"row": row, "refusal": refusal, "here": _back(request, report), "shows_period": "ky" in request.POST}
    response = render_page(request, "programs/report_row.html", context)
    response["HX-Trigger"] = "report-judged"
    return response


@page(permission="programs.accept_unitreport", methods=("GET", "HEAD", "POST"))
def report_send_back(request, report_id):
    """The whole report with room for a comment beside each figure and text; all go in one."""
    report = _report(request.user, report_id)
    form = SendBackForm(request.POST or None, user=request.user, row=report)
    if not report.may_be_judged_by(request.user) or report.state != UnitReport.State.SUBMITTED:
        messages.error(request, "Chỉ nơi nhận trả lại được báo cáo đã gửi và đang chờ duyệt.")
        return redirect(_back(request, report))
    if request.method == "POST" and form.is_valid():
        comments, reason = form.comments, form.cleaned_data["reason"]
        refusal = _refusal(lambda: report.send_back(request.user, reason=reason, comments=comments))
        if not refusal:
            messages.success(request, f"Đã trả lại báo cáo của {report.writer}.")
            return redirect(_back(request, report))
        messages.error(request, refusal)
    context = {"title": "Trả lại báo cáo để sửa", "report": report, "form": form, "back": _back(request, report)}
    return render_page(request, "programs/report_send_back.html", context)


@page(permission="programs.accept_unitreport", methods=("GET", "HEAD", "POST"))
def report_reopen(request, report_id):
    report = _report(request.user, report_id)
    if not report.may_be_judged_by(request.user) or report.state != UnitReport.State.ACCEPTED:
        messages.error(request, "Chỉ nơi nhận mở lại được báo cáo đã duyệt.")
        return redirect(_back(request, report))
    form = ReasonForm(request.POST or None, user=request.user, row=report)
    if request.method == "POST" and form.is_valid():
        refusal = _refusal(lambda: report.reopen(request.user, reason=form.cleaned_data["reason"]))
        if not refusal:
            messages.success(request, f"Đã mở lại báo cáo của {report.writer} để sửa.")
            return redirect(_back(request, report))
        messages.error(request, refusal)
    context = {
        "title": "Mở lại báo cáo đã duyệt",
        "act": "Mở lại",
        "reports": [report],
        "explain": "Số liệu của báo cáo này không còn được tính cho đến khi được duyệt lại.",
        "form": form,
        "back": _back(request, report),
    }
    return render_page(request, "programs/report_act.html", context)


class SendBackForm(VerbForm):
    """A reason, and a comment at any place of the report."""

    reason = forms.CharField(label="Lý do trả lại", max_length=500, widget=forms.Textarea)

    def narrow(self):
        self.places = list(_places(self.row))
        for place, label, *_ in self.places:
            self.fields[_comment(place)] = forms.CharField(
                label=f"Ý kiến về {label}", max_length=500, required=False, widget=forms.Textarea
            )

    @property
    def rows(self):
        """[(label, what the report says there, the figure or None, the field)]"""
        return [(label, text, figure, self[_comment(place)]) for place, label, text, figure in self.places]

    @property
    def comments(self) -> dict[str, str]:
        given = {place: self.cleaned_data[_comment(place)] for place, *_ in self.places}
        return {place: text for place, text in given.items() if text}


def _comment(place) -> str:
    return f"comment-{place}"


def _places(report):
    """(place, label, what it says, the figure or None), in the order of the report."""
    for figure in report.figures.select_related("indicator"):
        yield f"figure-{figure.indicator.code}", figure.indicator.name, figure.stated_text, figure
    for name, label in TEXTS.items():
        yield name, label, getattr(report, name), None
    proposals = "\n".join(f"– {each.text}" for each in report.proposals.order_by("pk"))
    yield "proposals", "Khó khăn, kiến nghị", proposals, None


# Many at once ---------------------------------------------------------------------------------------


@page(permission="programs.accept_unitreport", methods=("POST",))
def report_accept_many(request):
    """Each report on its own: those that may not be accepted are named with why, the others are accepted."""
    reports = _chosen(request, request.POST.getlist("report"))
    done, refusals = _each(reports, lambda report: _accept_sent(report, request.user))
    _tell(request, done, "Đã duyệt {} báo cáo.", refusals)
    return redirect(_back(request))


def _accept_sent(report, by):
    """Of a whole page ticked at once, those not sent yet are told in one sentence."""
    if report.is_editable:
        raise Refused("Báo cáo chưa gửi nên chưa duyệt được.")
    report.accept(by)


class ExtendForm(VerbForm):
    until = forms.DateField(label="Gia hạn đến hết ngày")
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until < today():
            raise forms.ValidationError("Hạn mới phải từ hôm nay trở đi.")
        return until


@page(permission="programs.extend_unitreport", methods=("GET", "HEAD", "POST"))
def report_extend(request):
    """``report`` as often as there are reports: one later deadline for all of them. The board sends them without a day."""
    reports = _chosen(request, (request.POST or request.GET).getlist("report"))
    form = ExtendForm(request.POST if "until" in request.POST else None, user=request.user, row=None)
    if not reports:
        messages.warning(request, NONE_CHOSEN)
        return redirect(_back(request))
    if form.is_valid():
        done, refusals = _each(reports, lambda report: report.extend(request.user, **form.cleaned_data))
        _tell(request, done, "Đã gia hạn {} báo cáo.", refusals)
        if done:
            return redirect(_back(request))
    context = {"title": "Gia hạn báo cáo", "act": "Gia hạn", "reports": reports, "form": form, "back": _back(request)}
    return render_page(request, "programs/report_act.html", context)


def _chosen(request, asked: list[str]) -> list[UnitReport]:
    """The reports of these keys; raises ``Http404`` when one of them is out of sight or no key at all."""
    reports = list(_reports(request.user).filter(pk__in=whole_numbers(asked)))
    if len(reports) < len(set(asked)):
        raise Http404
    return reports


def _each(reports, act) -> tuple[int, dict[str, list[str]]]:
    """Do it to each; returns how many were done, and {refusal: whose reports it was about}."""
    done, refusals = 0, defaultdict(list)
    for report in reports:
        if refusal := _refusal(lambda report=report: act(report)):
            refusals[refusal].append(report.writer)
        else:
            done += 1
    return done, refusals


def _tell(request, done: int, words: str, refusals: dict[str, list[str]]):
    if done:
        messages.success(request, words.format(done))
    if not (done or refusals):
        messages.warning(request, NONE_CHOSEN)
    for refusal, writers in refusals.items():
        messages.error(request, f"{', '.join(writers)}: {refusal}")


# ----------------------------------------------------------------------------------------------------


def _reports(user):
    return UnitReport.objects.for_user(user).select_related("unit", "department", "receiver", "period__rule")


def _report(user, report_id) -> UnitReport:
    return get_object_or_404(_reports(user), pk=report_id)


def _refusal(act) -> str:
    """Run a verb; returns why it was refused, empty when it was done."""
    try:
        act()
    except Refused as refusal:
        return str(refusal)
    return ""


def _back(request, report: UnitReport | None = None) -> str:
    """The page of this site that was come from, as the address or the form names it; else the board."""
    named = request.POST.get("next") or request.GET.get("next") or ""
    if named.startswith("/") and url_has_allowed_host_and_scheme(named, allowed_hosts={request.get_host()}):
        return named
    return reverse("programs:report_board") + (f"?ky={report.period_id}" if report else "")
