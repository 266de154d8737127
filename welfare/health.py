"""For the machine that watches the service: is the process up, and can it work?"""

import shutil

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache

_MIN_FREE_BYTES = 200 * 1024 * 1024


@never_cache
def livez(request):
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request):
    """503 when the database, its migrations or the disk are not ready; a broker that is down only degrades."""
    checks = {"database": _database_is_ready(), "disk": _disk_has_room(), "broker": _broker_answers()}
    ready = checks["database"] and checks["disk"]
    status = "ok" if all(checks.values()) else "degraded" if ready else "unavailable"
    return JsonResponse({"status": status, **checks}, status=200 if ready else 503)


def _database_is_ready() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _disk_has_room() -> bool:
    return shutil.disk_usage(settings.VAR_DIR).free > _MIN_FREE_BYTES


def _broker_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False
