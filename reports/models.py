from reports.subscriptions.models import DashboardIssue, Subscription

__all__ = ["DashboardIssue", "Subscription"]
