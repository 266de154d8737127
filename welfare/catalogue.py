"""Rows and permissions the programme itself declares, written after every migration.

Each app may have a module ``catalogue`` with
``ROWS``: {model label: [field values keyed by "code"]}, missing rows are added, edited ones stay as edited;
``GRANTS``: {role code: [permission codenames of that app]}, kept exactly so.
"""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.auth.management import create_permissions

ROWS = {
    "welfare.Role": [
        {"code": "leader", "name": "Lãnh đạo (Thường trực)", "reach": "province", "handles_people": True},
        {"code": "province_officer", "name": "Cán bộ LĐLĐ tỉnh", "reach": "province", "handles_people": True},
        {"code": "finance_officer", "name": "Cán bộ tài chính", "reach": "province", "handles_people": True},
        {
            "code": "inspector",
            "name": "Ủy ban Kiểm tra",
            "reach": "province",
            "handles_people": True,
            "only_reads": True,
        },
        {"code": "unit_officer", "name": "Cán bộ đơn vị", "reach": "subtree", "handles_people": True},
        {"code": "unit_leader", "name": "Lãnh đạo đơn vị", "reach": "subtree", "handles_people": True},
        {"code": "administrator", "name": "Quản trị hệ thống", "reach": "province", "handles_people": False},
    ],
    "welfare.UnitKind": [
        {"code": "province", "name": "Liên đoàn Lao động tỉnh", "level": 1},
        {"code": "district", "name": "Liên đoàn Lao động huyện, thành phố", "level": 2},
        {"code": "sector", "name": "Công đoàn ngành", "level": 2},
        {"code": "zone", "name": "Công đoàn các khu công nghiệp", "level": 2},
        {"code": "commune", "name": "Công đoàn xã, phường", "level": 2},
        {"code": "grassroots", "name": "Công đoàn cơ sở", "level": 3},
    ],
    "welfare.DocumentKind": [
        {"code": "NQ", "name": "Nghị quyết"},
        {"code": "QĐ", "name": "Quyết định"},
        {"code": "CT", "name": "Chỉ thị"},
        {"code": "KL", "name": "Kết luận"},
        {"code": "L", "name": "Luật"},
        {"code": "NĐ", "name": "Nghị định"},
        {"code": "TT", "name": "Thông tư"},
        {"code": "QC", "name": "Quy chế"},
        {"code": "QyĐ", "name": "Quy định"},
        {"code": "KH", "name": "Kế hoạch"},
        {"code": "CTr", "name": "Chương trình"},
        {"code": "CTHĐ", "name": "Chương trình hành động", "symbol": "CTr"},
        {"code": "ĐA", "name": "Đề án"},
        {"code": "HD", "name": "Hướng dẫn"},
        {"code": "BC", "name": "Báo cáo"},
        {"code": "TTr", "name": "Tờ trình"},
        {"code": "TB", "name": "Thông báo"},
        {"code": "GM", "name": "Giấy mời"},
        {"code": "CV", "name": "Công văn", "symbol": ""},
        {"code": "BB", "name": "Biên bản"},
        {"code": "ĐL", "name": "Điều lệ"},
    ],
}

_LOOK = [
    "view_unit",
    "view_department",
    "view_organization",
    "view_document",
    "view_documentkind",
    "view_unitkind",
]
_NUMBERED = [
    "view_numberregister",
    *[f"{verb}_{name}" for verb in ("add", "change") for name in ("document", "numberregister")],
]
_FILES = ["view_storedfile", "view_job"]
_PAPERS = [f"{verb}_{name}" for name in ("paper", "outerform", "documentstyle") for verb in ("view", "add", "change")]
_READ_PAPERS = ["view_paper", "view_outerform", "view_documentstyle"]
GRANTS = {
    "leader": [*_LOOK, *_FILES, *_READ_PAPERS, "issue_paper", "view_numberregister", "confirm_appointment", "view_appointment", "view_user", "view_auditevent"],
    "province_officer": [*_LOOK, *_FILES, *_PAPERS, "issue_paper", *_NUMBERED, "export_organization", "add_organization", "change_organization"],
    "finance_officer": [*_LOOK, *_FILES, *_PAPERS, "add_organization", "change_organization"],
    "inspector": [*_LOOK, *_FILES, *_READ_PAPERS, "view_numberregister", "view_auditevent", "view_appointment", "view_user"],
    "unit_officer": [*_LOOK, *_FILES, *_PAPERS, *_NUMBERED, "add_organization"],  # partners and payers of their own activities
    "unit_leader": [*_LOOK, *_FILES, *_READ_PAPERS, "issue_paper"],
    "administrator": [
        *_LOOK,
        "view_job",
        "view_auditevent",
        *[f"{verb}_{name}" for verb in ("view", "add", "change")
          for name in ("unit", "unitkind", "department", "organization", "user", "appointment", "documentkind",
                       "letterhead", "unityear", "unitkeeper")],
        "export_unit", "export_organization", "import_organization",
    ],
}  # fmt: skip


def write_declared_rows(sender, using="default", **kwargs):
    """Idempotent; runs for each app after its own migrations and permissions."""
    if not find_spec(f"{sender.name}.catalogue") or not _is_migrated(using):
        return
    declared = import_module(f"{sender.name}.catalogue")
    for label, rows in getattr(declared, "ROWS", {}).items():
        _add_missing(apps.get_model(label), rows, using)
    create_permissions(sender, verbosity=0, using=using)
    for code, codenames in getattr(declared, "GRANTS", {}).items():
        _grant(code, sender.label, set(codenames), using)


def _is_migrated(using) -> bool:
    from django.db import connections

    return apps.get_model("welfare.Role")._meta.db_table in connections[using].introspection.table_names()


def _add_missing(model, rows, using):
    known = set(model.objects.using(using).values_list("code", flat=True))
    model.objects.using(using).bulk_create(model(**row) for row in rows if row["code"] not in known)


def _grant(code, app_label, codenames, using):
    from django.contrib.auth.models import Permission

    role = apps.get_model("welfare.Role").objects.using(using).get(code=code)
    of_app = Permission.objects.using(using).filter(content_type__app_label=app_label)
    wanted = list(of_app.filter(codename__in=codenames))
    if missing := codenames - {permission.codename for permission in wanted}:
        raise LookupError(f"{app_label}.catalogue grants unknown permissions: {sorted(missing)}")
    role.permissions.remove(*role.permissions.filter(content_type__app_label=app_label).exclude(codename__in=codenames))
    role.permissions.add(*wanted)
