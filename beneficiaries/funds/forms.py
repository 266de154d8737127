from django import forms
from django.db import transaction
from django.db.models import Max

from beneficiaries.funds.models import Donor, Fund, FundEntry
from welfare.states import Refused
from welfare.units.models import today
from welfare.verbs import VerbForm

Kind = FundEntry.Kind
_BY_HAND = [kind for kind in Kind if kind not in (Kind.REVERSAL, Kind.ADVANCE)]


class EntryForm(VerbForm):
    """An entry of ``row``, a fund, written by hand; ``save`` raises ``Refused``."""

    kind = forms.ChoiceField(label="Loại", choices=[(kind, kind.label) for kind in _BY_HAND], initial=Kind.CONTRIBUTION)
    amount = forms.IntegerField(
        label="Số tiền (đồng)", min_value=1, max_value=10**12, help_text="Luôn ghi số dương; khoản chi tự trừ."
    )
    on = forms.DateField(label="Ngày", initial=today)
    document_number = forms.CharField(label="Số chứng từ", max_length=60)
    donor = forms.ModelChoiceField(
        label="Nhà tài trợ", queryset=Donor.objects.none(), required=False, empty_label="Không"
    )
    to = forms.ModelChoiceField(
        label="Chuyển đến quỹ", queryset=Fund.objects.none(), required=False, empty_label="Không"
    )
    note = forms.CharField(label="Nội dung", max_length=250, required=False)
    latest = forms.IntegerField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["latest"].widget = forms.HiddenInput()

    def narrow(self):
        self.fields["latest"].initial = _latest(self.row)
        self.fields["donor"].queryset = Donor.objects.for_user(self.user)
        self.fields["to"].queryset = Fund.objects.for_user(self.user).filter(is_open=True).exclude(pk=self.row.pk)

    def clean(self):
        given = super().clean()
        is_transfer = given.get("kind") == Kind.TRANSFER
        if is_transfer and not given.get("to"):
            self.add_error("to", "Chọn quỹ nhận tiền.")
        if not is_transfer and given.get("to"):
            self.add_error("to", "Chỉ chọn quỹ nhận khi loại là chuyển quỹ.")
        if given.get("donor") and given.get("kind") != Kind.CONTRIBUTION:
            self.add_error("donor", "Chỉ ghi nhà tài trợ cho khoản đóng góp, ủng hộ.")
        return given

    def save(self):
        given = dict(self.cleaned_data)
        kind, to, donor, amount, latest = (given.pop(name) for name in ("kind", "to", "donor", "amount", "latest"))
        if not self.user.reach_for("beneficiaries.add_fundentry").may_write(self.row.unit_id):
            raise Refused(f"Chỉ {self.row.unit} được ghi sổ quỹ này.")
        signed = -amount if kind in (Kind.SPEND, Kind.TRANSFER) else amount
        with transaction.atomic():
            funds = [self.row.pk, to.pk if to else self.row.pk]
            list(Fund.objects.filter(pk__in=funds).order_by("pk").select_for_update())
            self._check_first(kind, signed, latest)
            if kind == Kind.TRANSFER:
                self.row.transfer(to, amount, by=self.user, **given)
            else:
                self.row.post(kind, signed, by=self.user, donor=donor, **given)

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
