from django.contrib import messages
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect

from programs.activities.forms import RecordForm
from programs.activities.models import TWICE, Activity, ActivityPhoto
from programs.activities.photographs import add_photos, remove_photo
from welfare.photographs import TOO_BIG, PhotosForm, shown
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.uploads import was_too_big

_CHANGE = "admin:programs_activity_change"


@page(permission="programs.add_activity", methods=("GET", "HEAD", "POST"))
def activity_new(request):
    """Entered in under a minute: held, with its counts and photographs, or planned for a day to come."""
    form = RecordForm(request.POST or None, request.FILES or None, user=request.user)
    status = 200
    if request.method == "POST":
        if activity := _recorded(request, form):
            return redirect(_CHANGE, activity.pk)
        status = 413 if was_too_big(request) else 400
    return render_page(request, "programs/activity_new.html", {"title": "Ghi hoạt động", "form": form}, status=status)


def _recorded(request, form) -> Activity | None:
    """The activity, or None with the errors left on the form."""
    if was_too_big(request):
        form.add_error("photos", TOO_BIG)
    if not form.is_valid():
        return None
    held = request.POST.get("act") != "plan"
    try:
        activity = form.save(held=held)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    except IntegrityError:  # the same form sent twice at once
        form.add_error(None, TWICE)
        return None
    messages.success(request, "Đã ghi hoạt động." if held else "Đã lưu hoạt động dự kiến.")
    return activity


@page(permission="programs.change_activity", methods=("POST",))
def activity_photos(request, activity_id):
    activity = get_object_or_404(Activity.objects.for_user(request.user), pk=activity_id)
    form = PhotosForm(request.POST, request.FILES)
    if was_too_big(request):
        messages.error(request, TOO_BIG)
    elif not form.is_valid():
        messages.error(request, form.errors["photos"][0])
    else:
        _add(request, activity, form.cleaned_data["photos"])
    return redirect(_CHANGE, activity.pk)


def _add(request, activity, photos):
    try:
        add_photos(activity, request.user, photos)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã thêm {len(photos)} ảnh.")


@page(permission="programs.change_activity", methods=("POST",))
def photo_remove(request, photo_id):
    photo = _photo(request, photo_id)
    try:
        remove_photo(photo, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã xóa ảnh.")
    return redirect(_CHANGE, photo.activity_id)


@page(permission="programs.view_activity")
def photo_image(request, photo_id):
    return shown(request, _photo(request, photo_id).image)


@page(permission="programs.view_activity")
def photo_thumbnail(request, photo_id):
    return shown(request, _photo(request, photo_id).thumbnail)


def _photo(request, photo_id):
    photos = ActivityPhoto.objects.for_user(request.user).select_related("activity__unit", "image", "thumbnail")
    return get_object_or_404(photos, pk=photo_id)
