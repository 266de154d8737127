"""Drawn pictures in place of photographs, on the latest activities that were held and houses being built."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from beneficiaries.houses.photographs import add_photos as add_house_photos
from beneficiaries.models import House
from programs.activities.photographs import add_photos
from programs.models import Activity
from welfare.management.demo.province import Province
from welfare.photographs import shrunk

_SCENES = [("#fde68a", "#dc2626"), ("#bfdbfe", "#1d4ed8"), ("#bbf7d0", "#15803d")]  # sky and banner


def take_photos(province: Province):
    for activity in Activity.objects.held().select_related("unit")[:3]:
        photos = [shrunk(_picture(n, sky, banner)) for n, (sky, banner) in enumerate(_SCENES, start=1)]
        add_photos(activity, province.users["canbo"], photos)
    for house in House.objects.filter(state__in=["started", "handed_over"]).select_related("unit")[:3]:
        add_house_photos(house, province.users["canbo"], "before", [shrunk(_home("truoc", "#a16207", leans=90))])
        add_house_photos(house, province.users["canbo"], "during", [shrunk(_home("dang-lam", "#d6d3d1", leans=0))])


def _picture(n, sky, banner) -> SimpleUploadedFile:
    """A stage under a banner, and rows of people."""
    scene = Image.new("RGB", (1200, 900), sky)
    pen = ImageDraw.Draw(scene)
    pen.rectangle((150, 120, 1050, 260), fill=banner)
    pen.rectangle((100, 480, 1100, 900), fill="#78716c")
    for row in range(3):
        for seat in range(8):
            x, y = 170 + seat * 120 + row * 15, 520 + row * 120
            pen.ellipse((x, y, x + 60, y + 60), fill="#fcd9b6")
            pen.rectangle((x - 10, y + 55, x + 70, y + 120), fill=("#2563eb", "#0f766e", "#9333ea")[(seat + n) % 3])
    stream = io.BytesIO()
    scene.save(stream, "JPEG")
    return SimpleUploadedFile(f"anh-{n}.jpg", stream.getvalue(), "image/jpeg")


def _home(name, walls, leans) -> SimpleUploadedFile:
    """A house under a roof that hangs by ``leans`` pixels."""
    scene = Image.new("RGB", (1200, 900), "#bae6fd")
    pen = ImageDraw.Draw(scene)
    pen.rectangle((0, 700, 1200, 900), fill="#65a30d")
    pen.rectangle((300, 400, 900, 740), fill=walls)
    pen.polygon([(240, 410 + leans), (600, 190), (960, 410)], fill="#7f1d1d")
    pen.rectangle((540, 540, 660, 740), fill="#292524")
    stream = io.BytesIO()
    scene.save(stream, "JPEG")
    return SimpleUploadedFile(f"nha-{name}.jpg", stream.getvalue(), "image/jpeg")
