"""The one admin site: who may enter, its navigation by work, the start page, and pages of our own in its shell."""

from dataclasses import dataclass
from functools import cache, lru_cache, partial, wraps
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage
from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from unfold.sites import UnfoldAdminSite


class WelfareSite(UnfoldAdminSite):
    site_url = None
    index_title = "Việc cần làm"
    index_template = "admin/todo.html"
    enable_nav_sidebar = True

    def has_permission(self, request):
        """Anyone whose account is active and who holds an appointment today; checked at every request."""
        return request.user.is_active and request.user.is_authenticated and bool(request.user.appointments_in_force)

    def get_app_list(self, request, app_label=None):
        """Made when a page reads it, which hardly any does: it asks every model's permissions and addresses."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def get_sidebar_list(self, request):
        """As ``navigation`` gives it; Unfold would copy every entry and ask it for callbacks that ours don't have."""
        return navigation(request)

    def _get_colors(self, *args):
        """None in the page: they stand in site.css."""
        return {}

    def index(self, request, extra_context=None):
        items = todo_items(request.user)
        return super().index(request, {**(extra_context or {}), "todo": items, "title": self.index_title})

    def autocomplete_view(self, request):
        """PostgreSQL looks for no text with a NUL in it."""
        request.GET = request.GET.copy()
        request.GET["term"] = request.GET.get("term", "").replace("\0", "")
        return super().autocomplete_view(request)

    def search(self, request, extra_context=None):
        try:
            return super().search(request, extra_context)
        except InvalidPage:
            raise Http404 from None


@dataclass(frozen=True)
class TodoItem:
    """Something that waits for one person: how many, in which words, where to go, whether it is late."""

    count: int
    text: str
    url: str
    icon: str = "task_alt"
    is_late: bool = False


def todo_items(user) -> list[TodoItem]:
    """What waits for ``user``, from every room's function in ``settings.TODO``; late ones first."""
    found = [item for path in settings.TODO for item in import_string(path)(user) if item.count]
    return sorted(found, key=lambda item: not item.is_late)


def page(permission: str | None = None, methods=("GET", "HEAD")):
    """A view of the site: signed in, holding ``permission``, by the named HTTP methods only."""

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if request.method not in methods:
                from django.http import HttpResponseNotAllowed

                return HttpResponseNotAllowed(methods)
            if permission and not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        @wraps(view)
        def entered(request, *args, **kwargs):
            return admin.site.admin_view(checked)(request, *args, **kwargs)

        entered.permission = permission
        return entered

    return decorate


def render_page(request, template: str, context: dict, status=200):
    """Render a template that extends ``page.html`` in the site's shell. ``context["title"]`` heads the page."""
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)


class Entry(NamedTuple):
    title: str
    icon: str
    link: str


class Navigation(NamedTuple):
    """The sidebar: its groups as (title, entries), and the link of the page one is on."""

    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    here: str | None

    @property
    def drawn(self) -> SafeString:
        return _drawn(self)


@lru_cache(maxsize=200)
def _drawn(navigation: Navigation) -> SafeString:
    """Once for all who may open the same pages: it is a third of what a page takes to draw."""
    return render_to_string("admin/navigation.html", {"navigation": navigation})


def navigation(request) -> Navigation:
    """``settings.NAVIGATION`` for the sidebar: each page shows to those who may open it, empty groups don't."""
    groups = []
    for title, entries in settings.NAVIGATION:
        found = [(label, icon, *_address(url_name)) for label, icon, url_name in entries]
        shown = tuple(Entry(label, icon, link) for label, icon, link, view in found if _may_open(request, view))
        if shown:
            groups.append((title, shown))
    return Navigation(tuple(groups), _here(request.path, [entry.link for _, shown in groups for entry in shown]))


def _here(path, links) -> str | None:
    """The page itself, or the nearest one above it: /bao-cao/bang-theo-doi/tong-hop/3/ lies under several."""
    start = reverse("admin:index")
    above = [link for link in links if path == link or (link != start and path.startswith(link))]
    return max(above, key=len, default=None)


def _may_open(request, view) -> bool:
    if view is None:
        return False
    if hasattr(view, "model_admin"):
        return view.model_admin.has_view_permission(request)
    permission = getattr(view, "permission", None)
    return permission is None or request.user.has_perm(permission)


@cache
def _address(url_name) -> tuple:
    """The path a name stands for and its view, None both where this installation has none; they don't change while it runs."""
    try:
        path = reverse(url_name)
    except NoReverseMatch:
        return None, None
    return path, resolve(path).func


def stylesheet(request):
    return static("welfare/site.css")


def favicon(request):
    return static("welfare/favicon.svg")


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", status=403)


def server_error(request):
    return render(request, "errors/500.html", status=500)


def csrf_failure(request, reason=""):
    return render(request, "errors/csrf.html", status=403)
