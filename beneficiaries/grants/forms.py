from datetime import timedelta

from django import forms
from django.db import models

from beneficiaries.forms import ForRecipientForm
from beneficiaries.funds.models import Fund
from beneficiaries.grants.chain import forwarding_units
from beneficiaries.grants.models import Grant, RoundFund
from programs.activities.fields import WholeNumberField
from welfare.units.models import Unit, today
from welfare.uploads import ScanField
from welfare.verbs import DecisionForm, VerbForm
from welfare.vietnamese import format_money

_TODAY = "Để trống là hôm nay."
_SETTLE_IN = timedelta(days=30)
MOST_MONEY = 10**12  # VND


class OptionalMoneyField(WholeNumberField):
    """VND, or nothing."""

    def clean(self, value):
        return super().clean(value) or None


class ProposalForm(ForRecipientForm):
    def clean(self):
        super().clean()
        round = self.cleaned_data.get("round") or (self.instance.pk and self.instance.round)
        was_returned = self.instance.pk and self.instance.state == Grant.State.RETURNED
        if round and not was_returned and (why := round.hindrance(self.instance.unit)):
            raise forms.ValidationError(why)
        return self.cleaned_data


class FundChoice(forms.ModelChoiceField):
    def label_from_instance(self, fund):
        return f"{fund.name} (còn {format_money(fund.balance)})"


class _FromFundForm(VerbForm):
    fund = FundChoice(label="Chi từ quỹ", queryset=Fund.objects.none(), empty_label="Chọn quỹ")

    def narrow(self):
        """``row`` is a round or a grant of one. Offers the round's funds, or all where it names none."""
        round = getattr(self.row, "round", self.row)
        funds = Fund.objects.for_user(self.user, "beneficiaries.pay_grant").filter(is_open=True)
        named = RoundFund.objects.filter(round=round)
        field = self.fields["fund"]
        field.queryset = funds.filter(pk__in=named.values("fund")) if named.exists() else funds
        first = named.first()
        field.initial = first.fund_id if first else None
        if getattr(self.row, "is_paid_from_fund", True) is False:
            del self.fields["fund"]


class PaymentForm(_FromFundForm):
    document_number = forms.CharField(label="Số chứng từ", max_length=60)
    way = forms.ChoiceField(
        label="Hình thức", choices=[(way, way.label) for way in (Grant.Way.BANK, Grant.Way.CASH)], required=False
    )
    on = forms.DateField(label="Ngày chi", required=False, help_text=_TODAY)


class AdvanceForm(_FromFundForm):
    unit = forms.ModelChoiceField(label="Tạm ứng cho", queryset=Unit.objects.none(), empty_label="Chọn đơn vị")
    document_number = forms.CharField(label="Số chứng từ", max_length=60)
    settle_by = forms.DateField(label="Hạn quyết toán")
    on = forms.DateField(label="Ngày tạm ứng", required=False, help_text=_TODAY)

    def narrow(self):
        super().narrow()
        payable = self.row.grants.payable().order_by()
        with_money = Unit.objects.filter(pk__in=payable.values("unit"))
        paths = {path[: len(self.row.unit.path) + Unit.steplen] for path in with_money.values_list("path", flat=True)}
        self.fields["unit"].queryset = Unit.objects.filter(models.Q(path__in=paths) | models.Q(pk__in=with_money))
        self.fields["settle_by"].initial = today() + _SETTLE_IN


class ForwardForm(VerbForm):
    unit = forms.ModelChoiceField(label="Đơn vị chuyển", queryset=Unit.objects.none(), empty_label=None)
    letter_number = forms.CharField(label="Số công văn", max_length=60)
    on = forms.DateField(label="Ngày công văn", required=False, help_text=_TODAY)
    scan = ScanField(label="Bản quét công văn", required=False)

    def narrow(self):
        units = forwarding_units(self.row, self.user)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["unit"].initial = units[0] if len(units) == 1 else None


class ApprovalForm(DecisionForm):
    """A click is enough; the signed decision may come along or later."""

    scan = ScanField(label="Bản quét quyết định", required=False)

    def narrow(self):
        self.fields["decision_number"].required = False
        self.fields["decision_number"].help_text = "Chưa có thì để trống, ghi sau."


class IssueForm(DecisionForm):
    scan = ScanField(label="Bản quét quyết định", required=False)


class AppraisalForm(VerbForm):
    on = forms.DateField(label="Ngày thẩm định", required=False, help_text=_TODAY)


class ReceiptForm(VerbForm):
    scan = ScanField(label="Danh sách đã ký (PDF hoặc ảnh)")
    on = forms.DateField(label="Ngày nhận", required=False, help_text=_TODAY)


class TakeBackForm(VerbForm):
    amount = WholeNumberField(label="Số tiền hoàn lại (đồng)", max_value=MOST_MONEY)
    document_number = forms.CharField(label="Số chứng từ", max_length=60)
    on = forms.DateField(label="Ngày hoàn", required=False, help_text=_TODAY)

    def narrow(self):
        self.fields["amount"].initial = self.row.remaining
