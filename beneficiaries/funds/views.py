from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.funds.forms import EntryForm
from beneficiaries.funds.models import Fund
from welfare.site import page, render_page
from welfare.states import Refused


@page(permission="beneficiaries.add_fundentry", methods=("GET", "HEAD", "POST"))
def fund_post(request, fund_id):
    """Record an entry by hand: money that comes in, a transfer, a spending no grant or house stands behind."""
    fund = get_object_or_404(Fund.objects.for_user(request.user).select_related("unit"), pk=fund_id)
    back = reverse("admin:beneficiaries_fund_change", args=[fund.pk])
    form = EntryForm(request.POST or None, user=request.user, row=fund)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Đã ghi sổ quỹ.")
            return redirect(back)
    context = {"title": "Ghi sổ quỹ", "subtitle": fund.name, "fund": fund, "form": form, "back": back}
    return render_page(request, "beneficiaries/fund_post.html", context)
