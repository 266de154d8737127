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

from welfare.composition import (  # noqa: F401
    DOCUMENT_NAMES,
    DOCUMENTS,
    FORM_FACTS,
    FUND_PAYMENTS,
    JOBS,
    LIST_KINDS,
    MEASURES,
    NAVIGATION,
    REPORT_LEDGER,
    TODO,
)

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
    "welfare.once.SendOnceMiddleware",
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
    "purge-unnamed-files": {"task": "welfare.purge_unnamed_files", "schedule": crontab(hour=19, minute=0)},
    "forget-sent-forms": {"task": "welfare.forget_sent_forms", "schedule": 3600},
    "bring-plans-into-force": {"task": "programs.bring_plans_into_force", "schedule": 3600},
    "purge-staging": {"task": "beneficiaries.purge_staging", "schedule": 3600},
    "find-duplicates": {
        "task": "beneficiaries.find_duplicates",
        "schedule": crontab(hour=18, minute=30),
    },  # 01:30 in Việt Nam
    "keep-report-deadlines": {"task": "programs.keep_deadlines", "schedule": 3600},
    "remind-nominations": {"task": "events.remind_nominations", "schedule": 3600},
    "recount-measures": {"task": "reports.recount_stale", "schedule": JOB_SWEEP_SECONDS},
    "mail-again": {"task": "welfare.mail_again", "schedule": 3600},
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


# The admin site ---------------------------------------------------------------------------------

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_TMP_STORAGE_CLASS = "welfare.imports.OwnedTemporaryStorage"
SIMPLE_HISTORY_REVERT_DISABLED = True

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
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "welfare.site.favicon"}],
    "STYLES": ["welfare.site.stylesheet"],
    "LOGIN": {"form": "welfare.units.sign_in.SignInForm"},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
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
