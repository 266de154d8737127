from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.houses.casefile import may_write
from beneficiaries.houses.dossier import DossierFile, add_papers, checklist, remove_paper
from beneficiaries.houses.forms import HousePhotosForm, PaperForm
from beneficiaries.houses.models import House
from beneficiaries.houses.photographs import HousePhoto, add_photos, gallery, remove_photo
from welfare.photographs import TOO_BIG, shown
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.uploads import was_too_big

_TOO_BIG = "Các tệp gửi cùng lúc lớn hơn 10 MB; hãy chọn ít tệp hơn rồi gửi thêm lần nữa."


def _house(request, house_id) -> House:
    houses = House.objects.for_user(request.user).select_related("unit", "kind", "person", "household", "host")
    house = get_object_or_404(houses, pk=house_id)
    if not may_write(house, request.user):
        raise PermissionDenied
    return house


@page(permission="beneficiaries.change_house", methods=("GET", "HEAD", "POST"))
def house_papers(request, house_id):
    """The dossier of a house, with the form that adds to it. ``?giay=`` names the paper that is brought."""
    house = _house(request, house_id)
    form = PaperForm(
        request.POST or None, request.FILES or None, house=house, initial={"item": request.GET.get("giay")}
    )
    if request.method == "POST" and _done(request, form, "files", _TOO_BIG, lambda given: _add(house, request, given)):
        messages.success(request, "Đã bổ sung giấy tờ.")
        return redirect("beneficiaries:house_papers", house.pk)
    return _render(request, house, form, "beneficiaries/house_papers.html", "Hồ sơ nhà", dossier=checklist(house))


def _add(house, request, given):
    add_papers(house, request.user, **given)


@page(permission="beneficiaries.change_house", methods=("GET", "HEAD", "POST"))
def house_photos(request, house_id):
    house = _house(request, house_id)
    form = HousePhotosForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and _done(
        request, form, "photos", TOO_BIG, lambda given: add_photos(house, request.user, given["stage"], given["photos"])
    ):
        messages.success(request, f"Đã thêm {len(form.cleaned_data['photos'])} ảnh.")
        return redirect("beneficiaries:house_photos", house.pk)
    return _render(request, house, form, "beneficiaries/house_photos.html", "Ảnh căn nhà", gallery=gallery(house))


def _done(request, form, files, too_big, act) -> bool:
    """Whether ``act`` took the form; otherwise what is wrong stands on it."""
    if was_too_big(request):
        form.add_error(files, too_big)
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _render(request, house, form, template, title, **context):
    context |= {
        "title": title,
        "subtitle": f"{house} · {house.unit} · {house.get_state_display()}",
        "house": house,
        "form": form,
        "back": reverse("admin:beneficiaries_house_change", args=[house.pk]),
    }
    status = (413 if was_too_big(request) else 400) if request.method == "POST" else 200
    return render_page(request, template, context, status=status)


@page(permission="beneficiaries.change_house", methods=("POST",))
def paper_remove(request, paper_id):
    papers = DossierFile.objects.for_user(request.user).select_related("house__unit", "item", "file")
    paper = get_object_or_404(papers, pk=paper_id)
    _tell(request, lambda: remove_paper(paper, request.user), "Đã bỏ giấy tờ.")
    return redirect("beneficiaries:house_papers", paper.house_id)


@page(permission="beneficiaries.change_house", methods=("POST",))
def house_photo_remove(request, house_photo_id):
    photo = _photo(request, house_photo_id)
    _tell(request, lambda: remove_photo(photo, request.user), "Đã xóa ảnh.")
    return redirect("beneficiaries:house_photos", photo.house_id)


def _tell(request, act, done):
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)


@page(permission="beneficiaries.view_house")
def house_photo(request, house_photo_id):
    return shown(request, _photo(request, house_photo_id).image)


@page(permission="beneficiaries.view_house")
def house_photo_small(request, house_photo_id):
    return shown(request, _photo(request, house_photo_id).thumbnail)


def _photo(request, house_photo_id):
    photos = HousePhoto.objects.for_user(request.user).select_related("house__unit", "image", "thumbnail")
    return get_object_or_404(photos, pk=house_photo_id)
