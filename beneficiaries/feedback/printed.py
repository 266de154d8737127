"""What printed papers say of where anybody may write to the union."""

from django.conf import settings
from django.urls import reverse


def feedback_address() -> str:
    """Where anybody writes to the union, as printed on papers; empty while ``PUBLIC_ADDRESS`` is not set."""
    return f"{settings.PUBLIC_ADDRESS}{reverse('beneficiaries:feedback_new')}" if settings.PUBLIC_ADDRESS else ""


def feedback_notes() -> list[str]:
    """The line at the foot of a paper (``OfficialDocument.notes``) that tells people where to write; none without it."""
    address = feedback_address()
    return [f"Thắc mắc, góp ý, phản ánh về việc hỗ trợ, kể cả không ghi tên, xin gửi tại: {address}"] if address else []
