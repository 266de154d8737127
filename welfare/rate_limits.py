"""How often one address may do something on a public page, counted in Redis for all web processes together."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

import redis
from axes.helpers import get_client_ip_address
from django.conf import settings

from welfare.crypto import keyed_hash


class TooOften(Exception):
    pass


class CannotCount(Exception):
    """Redis does not answer: whoever counts refuses, and says to come again."""


def count(request, what: str, *, most: int, seconds: int = 3600):
    """Counts one more try. Raises ``TooOften`` beyond ``most`` within ``seconds``, ``CannotCount`` without Redis."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    key = f"{prefix}tries:{what}:{keyed_hash(_neighbourhood(request))}"
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=True) as pipeline:
            tries = pipeline.set(key, 0, ex=seconds, nx=True).incr(key).execute()[-1]
    except redis.RedisError as error:
        raise CannotCount from error
    if tries > most:
        raise TooOften


def _neighbourhood(request) -> str:
    """The visitor's address; of IPv6, where one visitor has very many, the network."""
    text = get_client_ip_address(request) or ""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    return address.exploded[:19] if isinstance(address, IPv6Address) and not address.ipv4_mapped else str(address)


@lru_cache(maxsize=4)
def _redis(url) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
