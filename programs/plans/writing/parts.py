"""What the writing page lets one edit: the plan's own lines by groups, and its rows, each with a form of its own."""

from dataclasses import dataclass

from django.db import models

from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.plans.writing import forms
from programs.targets.models import Target


@dataclass(frozen=True)
class Kind:
    """``slug`` stands in addresses and keys; ``name`` in sentences. A group of the plan's own fields is a kind too."""

    slug: str
    name: str
    model: type[models.Model]
    form: type[forms.PartForm]

    @property
    def is_of_plan(self) -> bool:
        return self.model is Plan

    def rows(self, plan: Plan):
        """The kind's rows of one plan."""
        return Plan.objects.filter(pk=plan.pk) if self.is_of_plan else self.model.objects.filter(plan=plan)

    @property
    def stands_in_section(self) -> bool:
        return self.model in (Target, Assignment)


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("dau", "phần đầu", Plan, forms.HeadForm),
        Kind("thoi-ky", "thời kỳ", Plan, forms.YearsForm),
        Kind("loi-dan", "lời dẫn", Plan, forms.SummaryForm),
        Kind("loi-ket", "lời kết", Plan, forms.ClosingForm),
        Kind("ky", "phần ký", Plan, forms.SignatureForm),
        Kind("can-cu", "căn cứ", LegalBasis, forms.BasisForm),
        Kind("muc", "mục", Section, forms.SectionForm),
        Kind("chi-tieu", "chỉ tiêu", Target, forms.TargetForm),
        Kind("nhiem-vu", "nhiệm vụ", Assignment, forms.TaskForm),
        Kind("noi-nhan", "nơi nhận", Recipient, forms.RecipientForm),
    )
}
