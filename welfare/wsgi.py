"""What the web server loads, once a process: everything a request needs is there before the first one comes."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "welfare.settings")

application = get_wsgi_application()
get_resolver().reverse_dict  # noqa: B018 - imports every view
# What was loaded stays for good. The garbage collector goes through all of it every few requests otherwise, and the
# one that it stops meanwhile takes half as long again.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)  # a page makes some ten thousand objects and drops them all
