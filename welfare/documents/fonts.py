"""Whether this machine has the font official documents are set in; WeasyPrint takes another one without a word."""

import ctypes

from django.core import checks

FAMILY = "Tinos"
PACKAGE = "fonts-croscore"


class _FontSet(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.c_void_p)]


def has_font(family: str) -> bool:
    """Asks fontconfig, as Pango does when it sets the page."""
    try:
        fontconfig = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return False
    fontconfig.FcNameParse.restype = fontconfig.FcObjectSetCreate.restype = ctypes.c_void_p
    fontconfig.FcFontList.restype = ctypes.POINTER(_FontSet)
    pattern, details = fontconfig.FcNameParse(family.encode()), fontconfig.FcObjectSetCreate()
    found = fontconfig.FcFontList(None, ctypes.c_void_p(pattern), ctypes.c_void_p(details))
    count = found.contents.count if found else 0
    fontconfig.FcFontSetDestroy(found)
    fontconfig.FcObjectSetDestroy(ctypes.c_void_p(details))
    fontconfig.FcPatternDestroy(ctypes.c_void_p(pattern))
    return count > 0


@checks.register
def check_font(app_configs, **kwargs):
    if has_font(FAMILY):
        return []
    missing = f"Máy này chưa có phông chữ {FAMILY} nên không in được văn bản PDF."
    return [checks.Warning(missing, hint=f"Cài đặt: sudo apt-get install {PACKAGE}", id="welfare.W001")]
