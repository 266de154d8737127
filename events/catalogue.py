_VIEW = ["view_event", "view_quotaline", "view_quotashare"]
_EDIT = [f"{verb}_{name}" for verb in ("add", "change", "delete") for name in ("event", "quotaline", "quotashare")]
GRANTS = {
    "leader": _VIEW,
    "province_officer": [*_VIEW, *(name for name in _EDIT if name != "delete_event")],
    "finance_officer": _VIEW,
    "inspector": _VIEW,
    "unit_officer": _VIEW,
    "unit_leader": _VIEW,
}
