from django.http import HttpResponse

from welfare.documents.docx import render_fields
from welfare.site import page
from welfare.uploads import content_type

_NAME = "mau-van-ban.docx"


@page(permission="welfare.change_documentstyle")
def style_template(request):
    """A Word template to begin with: the official layout with every field in its place."""
    answer = HttpResponse(render_fields(), content_type=content_type(_NAME))
    answer["Content-Disposition"] = f'attachment; filename="{_NAME}"'
    return answer
