"""Buttons that act on one row: a small page of their own asks what the act needs and does it by POST.

State and decision fields stand in no edit form; an admin class lists its verbs, each a method of the model. A verb that
makes another row of the model leads to it.
"""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from welfare.scoped_admin import rows_for
from welfare.site import render_page

_WIDGETS = {
    forms.DateField: UnfoldAdminSingleDateWidget,
    forms.IntegerField: UnfoldAdminIntegerFieldWidget,
    forms.ModelChoiceField: UnfoldAdminSelectWidget,
    forms.ChoiceField: UnfoldAdminSelectWidget,
    forms.CharField: UnfoldAdminTextInputWidget,
    forms.BooleanField: UnfoldBooleanWidget,
}


class VerbForm(forms.Form):
    """What a verb asks for. Field names are the method's keyword arguments. ``user`` and ``row`` may narrow choices."""

    def __init__(self, *args, user, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.row = user, row
        self.narrow()
        for field in self.fields.values():
            _dress(field)

    def narrow(self):
        pass


class ReasonForm(VerbForm):
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea)


class DecisionForm(VerbForm):
    decision_number = forms.CharField(label="Số quyết định", max_length=60)
    on = forms.DateField(label="Ngày quyết định", required=False, help_text="Để trống là hôm nay.")


class DateForm(VerbForm):
    on = forms.DateField(label="Ngày", required=False, help_text="Để trống là hôm nay.")


@dataclass(frozen=True)
class Verb:
    """``name``: the method, called with ``by`` and the form's fields. ``states``: where the button shows."""

    name: str
    label: str
    permission: str
    states: tuple[str, ...] = ()
    form: type[VerbForm] = VerbForm
    done: str = "Đã thực hiện."
    explain: str = ""
    icon: str = "play_arrow"


class VerbsMixin:
    """For a ``ScopedAdmin``: its ``verbs`` as buttons on the row's page."""

    verbs: list[Verb] = []
    change_form_outer_before_template = "admin/verbs.html"

    def get_urls(self):
        info = self.model._meta.app_label, self.model._meta.model_name
        view = self.admin_site.admin_view(self.verb_view)
        return [
            path("<path:object_id>/lam/<slug:verb>/", view, name="{}_{}_verb".format(*info)),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        context = {**(extra_context or {}), "verbs": self._buttons(request, row) if row else [], "row": row}
        return super().change_view(request, object_id, form_url, context)

    def _buttons(self, request, row):
        name = f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_verb"
        return [
            {"label": verb.label, "icon": verb.icon, "url": reverse(name, args=[row.pk, verb.name])}
            for verb in self.verbs
            if self.may_do(request, row, verb) and (not verb.states or row.state in verb.states)
        ]

    def may_do(self, request, row, verb) -> bool:
        """Overridden where more counts than the permission."""
        return counts_on(row, request.user, verb.permission)

    def verb_view(self, request, object_id, verb):
        row, verb = self.get_object(request, object_id), next((v for v in self.verbs if v.name == verb), None)
        if row is None or verb is None:
            raise Http404
        if not self.may_do(request, row, verb):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form, made = verb.form(*posted, user=request.user, row=row), []
        page = f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change"
        back = reverse(page, args=[row.pk])
        if request.method == "POST" and form.is_valid():
            given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
            if self.attempt(request, lambda: made.append(getattr(row, verb.name)(request.user, **given)), verb.done):
                return redirect(page, made[0].pk) if isinstance(made[0], self.model) else redirect(back)
        context = {"title": verb.label, "verb": verb, "row": row, "form": form, "back": back}
        return render_page(request, "admin/verb.html", context)


def counts_on(row, user, permission) -> bool:
    """Held, and in reach of an appointment that gives it: one of several appointments lends nothing to another."""
    holder = user.only_with(permission)
    return user.has_perm(permission) and (holder is user or rows_for(holder, type(row)).filter(pk=row.pk).exists())


def _dress(field):
    """Unfold's widgets, so that a small form looks like every other; a field that brings one of its own keeps it."""
    if isinstance(field.widget, UnfoldAdminTextInputWidget):
        return
    if isinstance(field.widget, forms.Textarea):
        dressed = UnfoldAdminTextareaWidget(attrs={"rows": 3})
    else:
        wanted = next((w for kind, w in _WIDGETS.items() if isinstance(field, kind)), None)
        if wanted is None:
            return
        choices = getattr(field, "choices", None)
        dressed = wanted(choices=choices) if choices is not None else wanted()
    dressed.is_required = field.required
    field.widget = dressed
