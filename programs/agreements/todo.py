from programs.activities.todo import listed
from programs.agreements.models import PartnerAgreement


def waiting(user):
    """Agreements one's own unit signed that run out within 60 days."""
    if user.has_perm("programs.change_partneragreement"):
        rows = PartnerAgreement.objects.for_user(user).expiring().filter(unit__in=user.reach.own)
        yield listed(rows, "thỏa thuận hợp tác sắp hết hạn", "partneragreement", "tinh-trang=sap-het-han", "handshake")
