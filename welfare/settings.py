"""The one settings file. Every value that differs between machines comes from the environment (see .env.example)."""

import base64
import json
import secrets
from contextlib import suppress
from pathlib import Path

import environ
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

PRODUCTION = env("DJANGO_ENV", default="development") == "production"
DEBUG = env.bool("DEBUG", default=False) and not PRODUCTION
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))


# Secrets ----------------------------------------------------------------------------------------


def _required(name: str) -> str:
    value = env(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Thiếu biến môi trường {name}: hệ thống không khởi động khi chưa có.")
    return value


def _local_secrets() -> dict:
    """Keys of a machine that has none in its environment, made once and kept in var/."""
    path = VAR_DIR / "keys.json"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        new_key = lambda: base64.b64encode(secrets.token_bytes(32)).decode()  # noqa: E731
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ENCRYPTION_KEYS": {"1": new_key()},
            "HMAC_KEYS": {"1": new_key()},
        }
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        with suppress(FileExistsError):  # another process of the same start was first
            path.hardlink_to(draft)
        draft.unlink()
    return json.loads(path.read_text())


if PRODUCTION:
    SECRET_KEY = _required("SECRET_KEY")
    ENCRYPTION_KEYS = json.loads(_required("ENCRYPTION_KEYS"))
    HMAC_KEYS = json.loads(_required("HMAC_KEYS"))
    ALLOWED_HOSTS = [host.strip() for host in _required("ALLOWED_HOSTS").split(",")]
    DATABASE_URL, REDIS_URL = _required("DATABASE_URL"), _required("REDIS_URL")
else:
    _secrets = _local_secrets()
    SECRET_KEY = env("SECRET_KEY", default=_secrets["SECRET_KEY"])
    ENCRYPTION_KEYS = env.json("ENCRYPTION_KEYS", default=_secrets["ENCRYPTION_KEYS"])
    HMAC_KEYS = env.json("HMAC_KEYS", default=_secrets["HMAC_KEYS"])
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
    DATABASE_URL = env("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'welfare.sqlite3'}")
    REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")


# Applications -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "welfare.apps.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_htmx",
    "django_structlog",
    "import_export",
    "simple_history",
    "treebeard",
    "welfare.apps.WelfareConfig",
    "programs",
    "beneficiaries",
    "events",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "welfare.units.sessions.SessionLimitsMiddleware",
    "welfare.logs.RequestLogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "welfare.urls"
WSGI_APPLICATION = "welfare.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["welfare.templatetags.vietnamese_format"],
        },
    }
]


# Database, cache, broker ------------------------------------------------------------------------

DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env("BROKER_PREFIX", default=""),
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_PUBLISH_RETRY = False

JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", default=30)
JOB_SWEEP_SECONDS = env.float("JOB_SWEEP_SECONDS", default=15)
JOB_MAX_ATTEMPTS = 3
PDF_PART_ROWS = env.int("PDF_PART_ROWS", default=1_000)  # rows of a list that one process sets
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "welfare.sweep_jobs", "schedule": JOB_SWEEP_SECONDS},
    "purge-expired": {"task": "welfare.purge_expired", "schedule": 3600},
    "bring-plans-into-force": {"task": "programs.bring_plans_into_force", "schedule": 3600},
    "purge-staging": {"task": "beneficiaries.purge_staging", "schedule": 3600},
    "find-duplicates": {
        "task": "beneficiaries.find_duplicates",
        "schedule": crontab(hour=18, minute=30),
    },  # 01:30 in Việt Nam
    "keep-report-deadlines": {"task": "programs.keep_deadlines", "schedule": 3600},
    "remind-nominations": {"task": "events.remind_nominations", "schedule": 3600},
    "recount-measures": {"task": "reports.recount_stale", "schedule": JOB_SWEEP_SECONDS},
    "issue-dashboards": {"task": "reports.issue_dashboards", "schedule": 3600},
    "recount-calendar": {"task": "reports.recount_calendar", "schedule": 6 * 3600},
}


# Mail: printed to the log until EMAIL_URL names a server (smtp://user:password@host:587/?tls=True) ---

globals().update(env.email_url_config(env("EMAIL_URL", default="") or "consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="phucloi@localhost")
SITE_ADDRESS = env("SITE_ADDRESS", default="").rstrip(
    "/"
)  # links in mails begin with it; without it they name the menu


# Signing in and security ------------------------------------------------------------------------

AUTH_USER_MODEL = "welfare.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "welfare.units.roles.AppointmentBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "welfare.units.sessions.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", default=0)

SESSION_IDLE_SECONDS = 60 * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "welfare.site.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Unfold's Alpine needs eval and inline styles; public pages tighten this with @csp_override.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}


# Language ---------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "welfare.formats"


# Files ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
UPLOADS_PER_HOUR = env.int("UPLOADS_PER_HOUR", default=20)
PUBLIC_ADDRESS = env("PUBLIC_ADDRESS", default="").rstrip("/")  # printed on papers, such as https://phucloi.example.vn
FEEDBACKS_PER_HOUR = env.int("FEEDBACKS_PER_HOUR", default=20)  # from one address, which a factory's workers share
ANONYMOUS_PATHS = ("/phan-anh/",)  # whose visitors' addresses no log holds
TRACKINGS_PER_HOUR = env.int("TRACKINGS_PER_HOUR", default=20)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_HANDLERS = [
    "welfare.uploads.SizeLimit",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


# Rooms: what a left room needs from a right one is named here by dotted path --------------------

JOBS = {
    "read_plan": "programs.plans.word.receiving.read_plan",
    "read_list": "beneficiaries.intake.batches.read_list",
    "commit_list": "beneficiaries.intake.batches.commit_list",
    "undo_list": "beneficiaries.intake.undoing.undo_list",
    "return_list": "beneficiaries.intake.returning.return_list",
    "list_template": "beneficiaries.intake.templates.list_template",
    "round_dossier": "beneficiaries.grants.dossier_file.make_dossier",
    "find_duplicates": "beneficiaries.duplicates.finding.find_duplicates",
    "move_unit": "beneficiaries.transfers.closing.move_unit",
    "mail_reminder": "programs.reporting.reminders.mail_reminder",
    "mail_event_notice": "events.notices.telling.mail_event_notice",
    "print_document": "welfare.documents.printing.print_document",
    "print_part": "welfare.documents.printing.print_part",
    "fill_form": "welfare.documents.outer.models.fill_form",
    "render_paper": "welfare.documents.papers.models.render_paper",
    "thank_donors": "beneficiaries.funds.thanks.thank_donors",
    "make_dashboard_issue": "reports.subscriptions.sending.make_issue",
    "mail_dashboard_issue": "reports.subscriptions.sending.mail_issue",
    "remind_campaign": "beneficiaries.campaigns.reminders.mail_reminders",
}
LIST_KINDS = {
    "people": "beneficiaries.intake.kinds.PEOPLE",
    "houses": "beneficiaries.intake.kinds.HOUSES",
    "delegates": "events.delegates.lists.DELEGATES",
    "summary": "beneficiaries.intake.kinds.SUMMARY",
    "campaign": "beneficiaries.intake.kinds.CAMPAIGN",
    "loans": "beneficiaries.intake.kinds.LOANS",
    "receipts": "beneficiaries.intake.kinds.RECEIPTS",
}
DOCUMENTS = {
    "plan": "programs.plans.printing.plan_document",
    "unit_report": "programs.reporting.printing.unit_report_document",
    "consolidated_report": "programs.reporting.consolidated_printing.consolidated_document",
    "inspection_decision": "beneficiaries.inspections.printing.decision_document",
    "inspection_sample": "beneficiaries.inspections.printing.sample_document",
    "inspection_minutes": "beneficiaries.inspections.printing.minutes_document",
    "inspection_conclusion": "beneficiaries.inspections.printing.conclusion_document",
    "reminder_letter": "programs.reporting.letters.reminder_letter",
    "upload_list": "beneficiaries.intake.printing.list_document",
    "house_board": "beneficiaries.houses.printing.house_board_document",
    "house_decision": "beneficiaries.houses.printing.house_decision_document",
    "house_hand_over": "beneficiaries.houses.printing.hand_over_document",
    "house_presentation": "beneficiaries.houses.printing.presentation_board",
    "house_dossier": "beneficiaries.houses.printing.house_dossier_document",
    "loan_project": "beneficiaries.loans.printing.loan_project_document",
    "loan_schedule": "beneficiaries.loans.printing.loan_schedule_document",
    "dashboard": "reports.board_document.dashboard_document",
    "progress": "reports.progress.progress_document",
    "receipt": "beneficiaries.funds.receipts.receipt_document",
    "thanks": "beneficiaries.funds.thanks.thanks_document",
    "fund_statement": "beneficiaries.funds.printing.statement_document",
    "fund_summary": "beneficiaries.funds.printing.summary_document",
    "disclosure": "beneficiaries.funds.disclosure.disclosure_document",
    "campaign_board": "beneficiaries.campaigns.printing.board_document",
    "campaign_letter": "beneficiaries.campaigns.printing.letter_document",
    "seating": "events.seating.printing.seating_document",
    "round_submission": "beneficiaries.grants.dossier.submission",
    "round_decision": "beneficiaries.grants.dossier.decision_document",
    "round_list": "beneficiaries.grants.dossier.approved_list",
    "round_signing": "beneficiaries.grants.dossier.signing_list",
    "round_summary": "beneficiaries.grants.dossier.summary",
    "round_bank": "beneficiaries.grants.dossier.bank_list",
    "invitations": "events.papers.invitations.invitations_document",
    "invitation": "events.papers.invitations.invitation_document",
    "invitation_draft": "events.papers.invitations.draft_document",
    "event_badges": "events.papers.badges.badges_document",
    "event_attendance": "events.papers.lists.attendance_document",
    "event_delegates": "events.papers.lists.delegates_document",
    "event_agenda": "events.papers.programme.agenda_document",
    "event_tasks": "events.papers.programme.tasks_document",
    "event_committee": "events.papers.programme.committee_document",
    "event_report": "events.papers.report.report_document",
    "event_budget": "events.budget.printing.budget_document",
    "event_settlement": "events.budget.printing.settlement_document",
    "round_board": "beneficiaries.grants.dossier.presentation_board",
}
DOCUMENT_NAMES = {
    "plan": "Kế hoạch",
    "unit_report": "Báo cáo của đơn vị",
    "consolidated_report": "Báo cáo tổng hợp của các đơn vị",
    "progress": "Báo cáo kết quả thực hiện kế hoạch",
    "reminder_letter": "Công văn đôn đốc báo cáo",
    "house_board": "Bảng theo dõi nhà",
    "house_decision": "Quyết định hỗ trợ nhà",
    "house_hand_over": "Biên bản bàn giao nhà",
    "house_dossier": "Hồ sơ nhà",
    "loan_project": "Dự án vay vốn",
    "loan_schedule": "Lịch trả nợ",
    "receipt": "Phiếu thu",
    "thanks": "Thư cảm ơn nhà tài trợ",
    "fund_statement": "Sao kê quỹ",
    "fund_summary": "Tổng hợp thu, chi các quỹ",
    "disclosure": "Công khai hằng năm",
    "campaign_board": "Kết quả vận động ủng hộ",
    "campaign_letter": "Công văn đôn đốc ủng hộ",
    "round_submission": "Tờ trình hỗ trợ",
    "round_decision": "Quyết định hỗ trợ",
    "round_list": "Danh sách được hỗ trợ",
    "round_summary": "Tổng hợp đợt hỗ trợ",
}
FORM_FACTS = {"choices": "reports.form_facts.choices", "values": "reports.form_facts.values"}
TODO = [
    "welfare.units.todo.waiting",
    "welfare.documents.papers.todo.waiting",
    "programs.plans.todo.waiting",
    "programs.activities.todo.waiting",
    "programs.caremodels.todo.waiting",
    "programs.agreements.todo.waiting",
    "programs.reporting.todo.waiting_to_write",
    "programs.reporting.todo_judging.waiting_to_judge",
    "beneficiaries.intake.todo.waiting",
    "beneficiaries.grants.todo.waiting",
    "beneficiaries.houses.todo.waiting",
    "beneficiaries.funds.todo.waiting",
    "beneficiaries.campaigns.todo.waiting",
    "beneficiaries.loans.todo.waiting",
    "beneficiaries.visits.todo.waiting",
    "beneficiaries.feedback.todo.waiting",
    "beneficiaries.inspections.todo.waiting",
    "beneficiaries.duplicates.todo.waiting",
    "beneficiaries.transfers.todo.waiting",
    "beneficiaries.erasure.todo.waiting",
    "events.delegates.todo.waiting",
    "events.programme.todo.waiting",
    "events.door.todo.waiting",
    "reports.subscriptions.todo.waiting",
]
FUND_PAYMENTS = [
    "grant",
    "house_payment",
    "loan",
    "loan_repayment",
    "event_line",
]  # of an entry of a fund: what it paid
MEASURES = "reports.measures.MEASURES"
REPORT_LEDGER = "beneficiaries.reported.beside"


# The admin site ---------------------------------------------------------------------------------

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_TMP_STORAGE_CLASS = "welfare.imports.OwnedTemporaryStorage"
SIMPLE_HISTORY_REVERT_DISABLED = True

# One entry a page: title, icon, URL name. A page shows to those who may open it (welfare/site.py).
NAVIGATION = [
    (
        "Việc của tôi",
        [
            ("Việc cần làm", "checklist", "admin:index"),
            ("Tổng quan", "monitoring", "reports:dashboard"),
            ("Việc đang chạy", "progress_activity", "welfare:job_list"),
        ],
    ),
    (
        "Kế hoạch & chỉ tiêu",
        [
            ("Kế hoạch", "assignment", "admin:programs_plan_changelist"),
            ("Soạn từ Word", "draft", "programs:plan_from_word"),
            ("Chỉ tiêu", "target", "admin:programs_target_changelist"),
            ("Chỉ tiêu của đơn vị", "flag", "programs:unit_targets"),
            ("Bộ chỉ số", "straighten", "admin:programs_indicator_changelist"),
        ],
    ),
    (
        "Hoạt động chăm lo",
        [
            ("Hoạt động", "celebration", "admin:programs_activity_changelist"),
            ("Mô hình", "storefront", "admin:programs_caremodel_changelist"),
            ("Khen thưởng", "military_tech", "admin:programs_award_changelist"),
            ("Thỏa thuận hợp tác", "handshake", "admin:programs_partneragreement_changelist"),
        ],
    ),
    (
        "Tải danh sách",
        [
            ("Tải danh sách lên", "upload_file", "beneficiaries:batch_upload"),
            ("Danh sách đã tải", "folder_open", "admin:beneficiaries_listbatch_changelist"),
        ],
    ),
    (
        "Đối tượng",
        [
            ("Người cần chăm lo", "group", "admin:beneficiaries_person_changelist"),
            ("Hộ gia đình", "family_restroom", "admin:beneficiaries_household_changelist"),
            ("Ghi thăm hỏi", "add_location_alt", "beneficiaries:visit_find"),
            ("Còn ai chưa được thăm?", "person_search", "beneficiaries:visits_due"),
            ("Thăm hỏi", "diversity_1", "admin:beneficiaries_visit_changelist"),
            ("Nghi trùng", "compare_arrows", "admin:beneficiaries_duplicatecase_changelist"),
            ("Chuyển đơn vị", "move_down", "admin:beneficiaries_transfer_changelist"),
            ("Đơn vị đã đóng", "domain_disabled", "beneficiaries:closed_units"),
            ("Yêu cầu về dữ liệu", "policy", "admin:beneficiaries_datarequest_changelist"),
        ],
    ),
    (
        "Mái ấm Công đoàn",
        [
            ("Bảng nhà", "view_kanban", "beneficiaries:house_board"),
            ("Nhà Mái ấm", "house", "admin:beneficiaries_house_changelist"),
            ("Mức hỗ trợ nhà", "price_check", "admin:beneficiaries_supportnorm_changelist"),
        ],
    ),
    (
        "Hỗ trợ & quỹ",
        [
            ("Đợt hỗ trợ", "redeem", "admin:beneficiaries_grantround_changelist"),
            ("Khoản hỗ trợ", "volunteer_activism", "admin:beneficiaries_grant_changelist"),
            ("Tạm ứng cho đơn vị", "move_down", "admin:beneficiaries_advance_changelist"),
            ("Quỹ", "account_balance", "admin:beneficiaries_fund_changelist"),
            ("Sổ quỹ", "receipt_long", "admin:beneficiaries_fundentry_changelist"),
            ("Thu, chi các quỹ", "bar_chart", "beneficiaries:fund_report"),
            ("Nhà tài trợ", "handshake", "admin:beneficiaries_donor_changelist"),
            ("Lời hứa tài trợ", "event_available", "admin:beneficiaries_pledge_changelist"),
            ("Hiện vật ủng hộ", "inventory_2", "admin:beneficiaries_giftinkind_changelist"),
            ("Vận động ủng hộ quỹ", "savings", "admin:beneficiaries_campaign_changelist"),
            ("Dự án vay vốn", "account_tree", "admin:beneficiaries_loanproject_changelist"),
            ("Khoản vay", "credit_score", "admin:beneficiaries_loan_changelist"),
            ("Theo dõi vay vốn", "query_stats", "beneficiaries:loan_board"),
        ],
    ),
    (
        "Kiểm tra & phản ánh",
        [
            ("Bảng phản ánh", "forum", "beneficiaries:feedback_board"),
            ("Phản ánh", "feedback", "admin:beneficiaries_feedback_changelist"),
            ("Kế hoạch kiểm tra", "event_note", "admin:beneficiaries_inspectionplan_changelist"),
            ("Bảng kiểm tra", "policy", "beneficiaries:inspection_board"),
            ("Cuộc kiểm tra", "fact_check", "admin:beneficiaries_inspection_changelist"),
            ("Kết quả kiểm tra", "gavel", "admin:beneficiaries_finding_changelist"),
        ],
    ),
    (
        "Sự kiện",
        [
            ("Sự kiện", "event", "admin:events_event_changelist"),
            ("Đại biểu của đơn vị", "group_add", "events:unit_events"),
            ("Đại biểu", "groups", "admin:events_delegate_changelist"),
            ("Đón đại biểu", "qr_code_scanner", "events:doors"),
            ("Công việc sự kiện", "task", "admin:events_eventtask_changelist"),
            ("Phát biểu, clip", "record_voice_over", "admin:events_speech_changelist"),
            ("Trao tại sự kiện", "featured_seasonal_and_gifts", "admin:events_eventgift_changelist"),
        ],
    ),
    (
        "Báo cáo",
        [
            ("Báo cáo của tôi", "edit_note", "programs:my_reports"),
            ("Khó khăn, kiến nghị", "campaign", "admin:programs_proposal_changelist"),
            ("Theo dõi báo cáo", "fact_check", "programs:report_board"),
            ("Chế độ báo cáo", "event_repeat", "admin:programs_reportingrule_changelist"),
            ("Kỳ báo cáo", "date_range", "admin:programs_reportingperiod_changelist"),
            ("Văn bản soạn từ số liệu", "article", "admin:welfare_paper_changelist"),
            ("Cách trình bày văn bản", "brand_awareness", "admin:welfare_documentstyle_changelist"),
            ("Biểu mẫu của cấp trên", "table_view", "admin:welfare_outerform_changelist"),
            ("Văn bản đã in", "print", "admin:welfare_storedfile_changelist"),
            ("Sổ văn bản", "menu_book", "admin:welfare_document_changelist"),
            ("Sổ số văn bản", "tag", "admin:welfare_numberregister_changelist"),
        ],
    ),
    (
        "Quản trị",
        [
            ("Đơn vị", "account_tree", "admin:welfare_unit_changelist"),
            ("Ban chuyên môn", "corporate_fare", "admin:welfare_department_changelist"),
            ("Tổ chức bên ngoài", "domain", "admin:welfare_organization_changelist"),
            ("Người dùng", "person", "admin:welfare_user_changelist"),
            ("Phân công", "badge", "admin:welfare_appointment_changelist"),
            ("Nhật ký", "history", "admin:welfare_auditevent_changelist"),
            ("Cấp đơn vị", "category", "admin:welfare_unitkind_changelist"),
            ("Loại văn bản", "description", "admin:welfare_documentkind_changelist"),
            ("Loại hoạt động", "celebration", "admin:programs_activitykind_changelist"),
            ("Loại mô hình", "storefront", "admin:programs_caremodelkind_changelist"),
            ("Hình thức khen thưởng", "military_tech", "admin:programs_awardform_changelist"),
            ("Loại hoàn cảnh", "sick", "admin:beneficiaries_hardshipkind_changelist"),
            ("Loại quỹ", "account_balance", "admin:beneficiaries_fundkind_changelist"),
            ("Loại yếu thế", "accessible", "admin:beneficiaries_vulnerabilitykind_changelist"),
            ("Tình trạng việc làm", "work", "admin:beneficiaries_employmentkind_changelist"),
            ("Loại nhà", "house", "admin:beneficiaries_housekind_changelist"),
            ("Giấy tờ hồ sơ nhà", "folder_managed", "admin:beneficiaries_dossieritem_changelist"),
            ("Hạn xử lý hồ sơ nhà", "timer", "admin:beneficiaries_stagedeadline_changelist"),
            ("Dịp hỗ trợ", "celebration", "admin:beneficiaries_occasion_changelist"),
            ("Loại phản ánh", "feedback", "admin:beneficiaries_feedbackkind_changelist"),
            ("Loại sai sót khi kiểm tra", "rule", "admin:beneficiaries_findingkind_changelist"),
            ("Hạn mức cho vay", "speed", "admin:beneficiaries_loanlimit_changelist"),
            ("Loại hỗ trợ", "category", "admin:beneficiaries_supportkind_changelist"),
            ("Tên cột thường gặp", "view_column", "admin:beneficiaries_columnalias_changelist"),
        ],
    ),
]
UNFOLD = {
    "SITE_TITLE": "Phúc lợi Công đoàn",
    "SITE_HEADER": "Phúc lợi Công đoàn",
    "SITE_SUBHEADER": "Liên đoàn Lao động tỉnh",
    "SITE_SYMBOL": "diversity_3",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "THEME": "light",
    "BORDER_RADIUS": "6px",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "welfare.site.favicon"}],
    "STYLES": ["welfare.site.stylesheet"],
    "LOGIN": {"form": "welfare.units.sign_in.SignInForm"},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "welfare.site.navigation",
    },
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254.6)",
            "100": "oklch(93.2% .032 255.6)",
            "200": "oklch(88.2% .059 254.1)",
            "300": "oklch(80.9% .105 251.8)",
            "400": "oklch(70.7% .165 254.6)",
            "500": "oklch(56% .19 257)",
            "600": "oklch(48.8% .18 260)",
            "700": "oklch(42.4% .17 262)",
            "800": "oklch(37% .14 263)",
            "900": "oklch(32% .11 264)",
            "950": "oklch(25% .08 265)",
        }
    },
}


# Logs: JSON, UTC, request and job ids; never a value of a form or a cell ------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False)
            if PRODUCTION
            else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
