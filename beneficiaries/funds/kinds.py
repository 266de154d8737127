from welfare.kinds import Kind


class FundKind(Kind):
    """Quỹ Mái ấm, Quỹ Xã hội, tài chính công đoàn, money a sponsor gave for one thing ..."""

    class Meta(Kind.Meta):
        verbose_name = "loại quỹ"
        verbose_name_plural = "loại quỹ"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
