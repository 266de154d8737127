"""A job takes a committed list back out of the ledger while nothing else depends on what it wrote."""

from datetime import date

from django.db.models import Max, Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from beneficiaries.campaigns.models import CampaignResult
from beneficiaries.duplicates.models import DuplicateCase
from beneficiaries.grants.models import Grant
from beneficiaries.houses.models import House, HouseFunding
from beneficiaries.intake.models import ListBatch
from beneficiaries.loans.models import Loan
from beneficiaries.people.models import Hardship, Household, Person, PovertyRecord
from programs.targets.models import mark_stale
from welfare.bulk import add_history, among, delete_rows, update_rows
from welfare.crypto import EncryptedTextField
from welfare.states import Refused, moving
from welfare.units.models import today
from welfare.vietnamese import format_number

_MODELS = (Grant, Loan, House, Hardship, PovertyRecord, Person, Household)  # what points at others before those
_CHANGED = (PovertyRecord, Person, Household, CampaignResult)
_GO_ALONG = {"housefunding", "duplicatecase", "stagedrow"}


def undo_list(job) -> None:
    """Takes everything back with the end of the job, or nothing and the list stays committed; safe to run again."""
    batch = ListBatch.objects.get(pk=job.params["batch"])
    job.progress(0, 1, "Đang lấy những gì danh sách đã ghi ra khỏi sổ.")
    done, page = "Đã lấy ra khỏi sổ những gì danh sách đã ghi.", reverse("beneficiaries:batch_preview", args=[batch.pk])
    with (
        job.completing(done, result_url=page),
        moving(batch, batch.State.UNDONE, by=job.owner, came_from=[batch.State.COMMITTED]) as row,
    ):
        row.check_hands(job.owner, "hoàn tác danh sách")
        row.hold_units()
        _take_back(row, job.owner)


def _take_back(batch, by) -> None:
    """Deletes what the batch added and restores what it changed.

    Raises ``Refused`` when a row was changed, decided or referred to since.
    """
    added = {model: _written(model, batch, "+") for model in _MODELS}
    changed = {model: _written(model, batch, "~") for model in _CHANGED}
    for model in _MODELS:
        _check_unchanged(model, added[model] | changed.get(model, {}))
        _check_unused(model, added)
    _check_unchanged(CampaignResult, changed[CampaignResult])
    for model, versions in changed.items():
        _restore(model, versions, by, batch)
    for model in _MODELS:
        _delete(model, list(added[model]), by, batch)
    for unit in batch.books:
        mark_stale("people", unit, date(batch.year, 1, 1), today(), date(batch.year, 12, 31))
        mark_stale("grants", unit, today())
        mark_stale("houses", unit, today())
    for result in CampaignResult.objects.filter(pk__in=list(changed[CampaignResult])).select_related("campaign"):
        mark_stale("campaigns", result.unit_id, result.campaign.starts_on)


def _written(model, batch, change: str) -> dict[int, int]:
    """Row id to the id of the version that the batch wrote."""
    since = model.history.model.objects.filter(history_date__gte=batch.created_at)
    of_batch = since.filter(history_change_reason=batch.history_reason, history_type=change)
    return dict(of_batch.order_by().values_list("id", "history_id"))


def _check_unchanged(model, versions: dict[int, int]) -> None:
    if not versions:
        return
    latest = model.history.model.objects.filter(id__in=among(versions)).order_by().values("id")
    newest = dict(latest.annotate(newest=Max("history_id")).values_list("id", "newest"))
    touched = sum(1 for pk, version in versions.items() if newest[pk] != version)
    if touched:
        raise Refused(
            f"Có {format_number(touched)} {model._meta.verbose_name} đã được sửa hoặc xét duyệt sau khi nhận danh sách "
            "nên không hoàn tác được."
        )


def _check_unused(model, added: dict) -> None:
    """Nothing but what the list itself wrote may point at a row that would go."""
    ids = added[model]
    if not ids:
        return
    for relation in _relations(model):
        other = relation.related_model
        pointing = other._base_manager.filter(**{f"{relation.field.name}__in": among(ids)})
        if added.get(other):
            pointing = pointing.exclude(pk__in=among(added[other]))
        if pointing.exists():
            raise Refused(f"Có {other._meta.verbose_name} ghi sau đó dựa vào danh sách này nên không hoàn tác được.")


def _relations(model) -> list:
    """What may point at rows of the model, from any room; versions in history point without holding."""
    found = [
        field for field in model._meta.get_fields(include_hidden=True) if field.auto_created and not field.concrete
    ]
    return [each for each in found if each.field.db_constraint and each.related_model._meta.model_name not in _GO_ALONG]


def _restore(model, versions: dict[int, int], by, batch) -> None:
    """The columns as they stood in the version before."""
    if not versions:
        return
    history = model.history.model.objects
    before = history.filter(id__in=among(versions)).exclude(history_id__in=among(versions.values()))
    previous = before.order_by().values("id").annotate(last=Max("history_id")).values_list("last", flat=True)
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    columns = [_as_stored(model, name) for name in names]
    rows = list(history.filter(history_id__in=among(list(previous))).order_by().values_list("id", *columns))
    if len(rows) != len(versions):
        raise Refused(
            f"{model._meta.verbose_name_plural.capitalize()} không còn bản ghi trước đó nên không hoàn tác được."
        )
    update_rows(model, names, rows)
    add_history(
        model,
        model.objects.filter(pk__in=among(versions)),
        change="~",
        by=by,
        reason=f"Hoàn tác {batch.history_reason}",
    )


def _as_stored(model, name: str):
    """Encrypted columns go back as they are."""
    is_secret = isinstance(model._meta.get_field(name), EncryptedTextField)
    return Cast(name, TextField()) if is_secret else name


def _delete(model, ids: list[int], by, batch) -> None:
    if not ids:
        return
    rows = model.objects.filter(pk__in=among(ids))
    add_history(model, rows, change="-", by=by, reason=f"Hoàn tác {batch.history_reason}")
    if model is House:
        HouseFunding.objects.filter(house__in=among(ids)).delete()
    if model is Person:
        DuplicateCase.objects.filter(Q(first__in=among(ids)) | Q(second__in=among(ids))).delete()
        batch.rows.update(person=None)
    delete_rows(model, ids)
