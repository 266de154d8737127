from django import forms
from django.db import transaction
from django.db.models import Max, Q

from beneficiaries.funds.donors import GiftInKind, Pledge
from beneficiaries.funds.models import Donor, Fund, FundEntry
from beneficiaries.funds.months import last_ended_month
from programs.activities.fields import WholeNumberField
from welfare.scoped_admin import OwnUnitForm, rows_for
from welfare.states import Refused
from welfare.units.models import Unit, today
from welfare.verbs import VerbForm
from welfare.vietnamese import format_money

Kind = FundEntry.Kind
_BY_HAND = [
    (kind, kind.label) for kind in (Kind.CONTRIBUTION, Kind.ALLOCATION, Kind.OPENING, Kind.TRANSFER, Kind.SPEND)
]
_MONTHS_SHOWN = 24


class _PledgeField(forms.ModelChoiceField):
    def label_from_instance(self, pledge):
        return f"{pledge.donor}: còn {format_money(pledge.remaining)}, hẹn {pledge.due_on:%d/%m/%Y}"


def _choice(label, kinds, field=forms.ModelChoiceField):
    """A choice that counts for entries of ``kinds`` alone; the page hides it for others."""
    made = field(label=label, queryset=None, required=False, empty_label="Không")
    made.kinds = kinds
    return made


class EntryForm(VerbForm):
    """An entry of ``row``, a fund, written by hand; ``save`` raises ``Refused``."""

    kind = forms.ChoiceField(label="Loại", choices=_BY_HAND, initial=Kind.CONTRIBUTION)
    amount = WholeNumberField(label="Số tiền (đồng)", help_text="Luôn ghi số dương; khoản chi tự trừ.")
    on = forms.DateField(label="Ngày", initial=today)
    document_number = forms.CharField(label="Số chứng từ", max_length=60)
    received_number = forms.CharField(
        label="Số chứng từ của quỹ nhận", max_length=60, required=False, help_text="Để trống khi dùng chung một số."
    )
    received_number.kinds = [Kind.TRANSFER]
    to = _choice("Chuyển đến quỹ", [Kind.TRANSFER])
    donor = _choice("Nhà tài trợ", [Kind.CONTRIBUTION])
    pledge = _choice("Theo lời hứa", [Kind.CONTRIBUTION], field=_PledgeField)
    campaign = _choice("Đợt vận động", [Kind.CONTRIBUTION])
    from_unit = _choice("Đơn vị nộp", [Kind.CONTRIBUTION])
    note = forms.CharField(label="Nội dung", max_length=250, required=False)
    latest = forms.IntegerField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["latest"].widget = forms.HiddenInput()
        for field in self.fields.values():
            if kinds := getattr(field, "kinds", None):
                field.widget.attrs["data-kinds"] = " ".join(kinds)

    def narrow(self):
        fields, fund = self.fields, self.row
        fields["latest"].initial = _latest(fund)
        fields["donor"].queryset = Donor.objects.for_user(self.user).filter(unit=fund.unit_id)
        pledges = Pledge.objects.for_user(self.user).due().filter(Q(fund=None) | Q(fund=fund), donor__unit=fund.unit_id)
        fields["pledge"].queryset = pledges.select_related("donor")
        fields["campaign"].queryset = fund.campaigns.for_user(self.user)
        fields["from_unit"].queryset = rows_for(self.user, Unit).filter(path__startswith=fund.unit.path)
        reach = self.user.reach_for("beneficiaries.add_fundentry")
        others = Fund.objects.for_user(self.user).filter(is_open=True).exclude(pk=fund.pk)
        fields["to"].queryset = others if reach.writes_all else others.filter(unit__in=reach.own)

    def clean(self):
        given = super().clean()
        kind, pledge = given.get("kind"), given.get("pledge")
        if kind == Kind.TRANSFER and not given.get("to"):
            self.add_error("to", "Chọn quỹ nhận tiền.")
        for name, field in self.fields.items():
            if given.get(name) and kind and kind not in getattr(field, "kinds", [kind]):
                self.add_error(name, f"Ô này chỉ ghi khi loại là “{Kind(field.kinds[0]).label}”.")
        if pledge and given.get("donor") not in (None, pledge.donor):
            self.add_error("pledge", f"Lời hứa này là của {pledge.donor}; hãy chọn lại nhà tài trợ.")
        elif pledge:
            given["donor"] = pledge.donor
        return given

    def save(self):
        given = dict(self.cleaned_data)
        kind, amount, to, received, latest = (
            given.pop(name) for name in ("kind", "amount", "to", "received_number", "latest")
        )
        if not self.user.reach_for("beneficiaries.add_fundentry").may_write(self.row.unit_id):
            raise Refused(f"Chỉ {self.row.unit} được ghi sổ quỹ này.")
        signed = -amount if kind in (Kind.SPEND, Kind.TRANSFER) else amount
        with transaction.atomic():
            funds = [self.row.pk, to.pk if to else self.row.pk]
            list(Fund.objects.filter(pk__in=funds).order_by("pk").select_for_update())
            self._check_first(kind, signed, latest)
            if kind == Kind.TRANSFER:
                paper = {name: given[name] for name in ("on", "document_number", "note")}
                self.row.transfer(to, amount, by=self.user, received_number=received, **paper)
            else:
                self.row.post(kind, signed, by=self.user, **given)

    def _check_first(self, kind, amount, latest):
        """The same entry by the same hand since the page was opened is a second click."""
        number = self.cleaned_data["document_number"]
        since = self.row.entries.filter(pk__gt=latest or 0, by=self.user)
        if since.filter(kind=kind, amount=amount, on=self.cleaned_data["on"], document_number=number).exists():
            raise Refused("Bút toán này vừa được ghi rồi; nếu là một khoản khác, hãy mở lại trang để ghi tiếp.")


def _latest(fund) -> int:
    return fund.entries.aggregate(latest=Max("pk"))["latest"] or 0


class ReversalForm(VerbForm):
    note = forms.CharField(label="Lý do ghi đảo", max_length=300, widget=forms.Textarea)
    on = forms.DateField(label="Ngày ghi đảo", required=False, help_text="Để trống là hôm nay.")


class ReceiptForm(VerbForm):
    payer = forms.CharField(label="Họ và tên người nộp tiền", max_length=200)
    address = forms.CharField(label="Địa chỉ", max_length=300, required=False)

    def narrow(self):
        giver = self.row.donor or self.row.from_unit
        self.fields["payer"].initial = getattr(giver, "representative", "") or giver or ""
        self.fields["address"].initial = self.row.donor.address if self.row.donor else ""


class _MonthForm(VerbForm):
    through = forms.TypedChoiceField(label="Tháng", coerce=lambda text: _month(text), empty_value=None)

    def offer(self, months):
        self.fields["through"].choices = [(f"{day:%Y-%m-%d}", f"Tháng {day:%m/%Y}") for day in months]


class CloseMonthForm(_MonthForm):
    """Months that are over and open; the newest one first."""

    def narrow(self):
        closed = self.row.closed_through
        self.offer([day for day in _months_back(last_ended_month()) if not closed or day > closed])


class ReopenMonthForm(_MonthForm):
    reason = forms.CharField(label="Lý do mở lại", max_length=300, widget=forms.Textarea)

    def narrow(self):
        self.fields["through"].help_text = "Tháng này và các tháng sau đó sẽ mở lại."
        self.offer(_months_back(self.row.closed_through) if self.row.closed_through else [])


def _months_back(last):
    for _ in range(_MONTHS_SHOWN):
        yield last
        last = last_ended_month(last)


def _month(text):
    return forms.DateField(input_formats=["%Y-%m-%d"]).clean(text)


class FundForm(OwnUnitForm):
    def clean(self):
        """Asked under the fund's lock: nothing is spent while its purpose changes."""
        super().clean()
        changed = {"use", "occasions"} & set(self.changed_data)
        if self.instance.pk and changed:
            fund = Fund.objects.select_for_update().get(pk=self.instance.pk)
            if fund.was_spent_from:
                bound = fund.bound_to or "mọi việc chăm lo"
                raise forms.ValidationError(f"Quỹ này đã chi tiền nên không đổi được việc chi (đang là: {bound}).")
            if fund.holds_bound_gifts:
                raise forms.ValidationError(
                    f"Quỹ này đang giữ tiền được cho riêng việc: {fund.bound_to}; không đổi được việc chi."
                )
        return self.cleaned_data


class _OfDonorForm(forms.ModelForm):
    """The donor is of a unit the user writes; fund, campaign and pledge are of the same books. ``user`` is set on the class."""

    user = None

    def clean(self):
        super().clean()
        given = self.cleaned_data
        donor = given.get("donor") or getattr(self.instance, "donor", None)
        if donor is None:
            return given
        if not self.user.reach_for(self.permission).may_write(donor.unit_id):
            self.add_error("donor", f"{donor} do {donor.unit} theo dõi; chỉ đơn vị đó ghi được.")
        for name in ("fund", "campaign"):
            if (other := given.get(name)) and other.unit_id != donor.unit_id:
                self.add_error(name, f"“{other}” là của {other.unit}, không phải của {donor.unit}.")
        return given


class PledgeForm(_OfDonorForm):
    permission = "beneficiaries.add_pledge"

    class Meta:
        model = Pledge
        fields = ["donor", "amount", "fund", "campaign", "purpose", "pledged_on", "due_on"]

    def clean(self):
        given = super().clean()
        fund, campaign = given.get("fund"), given.get("campaign")
        if fund and campaign and campaign.fund_id != fund.pk:
            self.add_error("campaign", f"Đợt vận động này ủng hộ {campaign.fund}; hãy chọn quỹ đó.")
        return given


class GiftForm(_OfDonorForm):
    permission = "beneficiaries.add_giftinkind"

    class Meta:
        model = GiftInKind
        fields = ["donor", "what", "value", "given_on", "document_number", "pledge", "campaign"]

    def clean(self):
        given = super().clean()
        donor, pledge, day = given.get("donor"), given.get("pledge"), given.get("given_on")
        if donor and pledge and pledge.donor_id != donor.pk:
            self.add_error("pledge", f"Lời hứa này là của {pledge.donor}; hãy chọn lại.")
        if day and day > today():
            self.add_error("given_on", f"Ngày {day:%d/%m/%Y} chưa tới.")
        return given
