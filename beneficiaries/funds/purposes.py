"""Money given for one thing is spent on that alone."""

from collections.abc import Iterable

from django.db import models

from welfare.states import Refused
from welfare.vietnamese import within


class Purposed(models.Model):
    """What a fund's money may be spent on; both fields stand once anything was spent, or given for that alone."""

    class Use(models.TextChoices):
        ANY = "any", "Mọi việc chăm lo"
        GRANTS = "grants", "Hỗ trợ người, hộ khó khăn"
        HOUSES = "houses", "Làm nhà Mái ấm"

    use = models.CharField("chỉ chi cho", max_length=8, choices=Use.choices, default=Use.ANY)
    occasions = models.ManyToManyField(
        "beneficiaries.Occasion", verbose_name="chỉ trong các dịp", blank=True, related_name="+",
        help_text="Để trống là mọi dịp. Đã chi rồi thì không đổi được việc chi và dịp.",
    )  # fmt: skip

    class Meta:
        abstract = True

    @property
    def bound_to(self) -> str:
        """What alone the money is for, in words; empty for any welfare."""
        names = ", ".join(str(occasion) for occasion in self.occasions.all())
        label = str(self.get_use_display())
        what = "" if self.use == self.Use.ANY else within(label)
        return f"{what or 'chăm lo'} trong dịp {names}" if names else what

    def refuse_other_use(self, use: str | None, occasions: Iterable[int | None]):
        """Raises ``Refused`` for spending on something else.

        ``use``: one of ``Use``, None for what no case file stands behind; ``occasions``: keys of all occasions paid for.
        """
        own = {occasion.pk for occasion in self.occasions.all()}
        is_other = self.use not in (self.Use.ANY, use)
        if is_other or own and not (set(occasions) and set(occasions) <= own):
            raise Refused(
                f"Tiền của {self} chỉ chi cho việc: {self.bound_to}. Hãy chi từ hồ sơ của việc đó, hoặc chọn quỹ khác."
            )

    def refuse_wider(self, to: "Purposed"):
        """Raises ``Refused`` where moving money to another fund would free it from its purpose."""
        own, others = ({occasion.pk for occasion in fund.occasions.all()} for fund in (self, to))
        if self.use not in (self.Use.ANY, to.use) or own and not (others and others <= own):
            raise Refused(
                f"Tiền của {self} chỉ chi cho việc: {self.bound_to}; chỉ chuyển được sang quỹ cũng chỉ chi cho việc đó."
            )

    @property
    def was_spent_from(self) -> bool:
        return self.entries.filter(amount__lt=0).exists()

    @property
    def holds_bound_gifts(self) -> bool:
        """Whether somebody gave or moved money here for what it is bound to."""
        came = ("contribution", "transfer")
        return bool(self.bound_to) and self.entries.filter(kind__in=came, amount__gt=0, reversed_by=None).exists()
