from unfold.decorators import display


class PlainYear:
    """For an admin class whose rows have a ``year``: shown as 2026, not as the count 2.026."""

    @display(description="năm", ordering="year")
    def plain_year(self, row):
        return str(row.year)

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "plain_year"]

    def get_fieldsets(self, request, obj=None):
        return [
            (title, options | {"fields": self._plain(options["fields"], request, obj)})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def _plain(self, fields, request, obj):
        is_read = obj is not None and not self.has_change_permission(request, obj)
        return ["plain_year" if field == "year" and is_read else field for field in fields]
