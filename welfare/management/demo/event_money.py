"""Money of the demonstration's events: one estimate that was approved and half spent, one settled with a line above it."""

from datetime import timedelta

from events.models import BudgetLine, EventBudget

_LINES = [  # item, measure, quantity, price, source, name of the source
    ("Trang trí hội trường, âm thanh, màn hình", "gói", 1, 18_500_000, "union", ""),
    ("Nước uống, trái cây đại biểu", "người", 280, 25_000, "union", ""),
    ("Quà tặng gia đình người lao động", "phần", 115, 500_000, "fund", ""),
    ("Xe đưa đón đại biểu ở xa", "chuyến", 9, 2_200_000, "units", "Các đơn vị huyện"),
    ("Văn nghệ, dựng clip phóng sự", "gói", 1, 12_000_000, "sponsor", "Ngân hàng Chính sách xã hội chi nhánh tỉnh"),
    ("In giấy mời, thẻ đại biểu, tài liệu", "bộ", 280, 9_000, "union", ""),
]  # fmt: skip


def make_budget(province, event, fund, *, people) -> EventBudget:
    """Written by finance, approved by the leader."""
    budget = EventBudget.objects.create(event=event, note="Chi theo thực tế, không vượt dự toán từng khoản.")
    for order, (item, measure, quantity, price, source, name) in enumerate(_LINES, 1):
        BudgetLine.objects.create(
            budget=budget, order=order, item=item, measure=measure, price=price, source=source, source_name=name,
            quantity=people if quantity == 280 else max(1, round(quantity * province.scale)) if source == "fund" else quantity,
            fund=fund if source == "fund" else None,
        )  # fmt: skip
    budget.submit(province.users["canbo"])
    return budget


def approve_and_begin(province, budget):
    """Two lines are spent, one of them by the fund."""
    budget.approve(province.users["lanhdao"], decision_number="Tờ trình 58/TTr-LĐLĐ")
    for line in budget.lines.filter(order__in=(3, 6)):
        paper = {"document_number": f"PC-SK{line.pk}"} if line.fund_id else {}
        line.spend(province.users["taichinh"], quantity=line.quantity, price=line.price, **paper)


def spend_and_settle(province, budget, on):
    """Everything was spent on the day, the stage above the estimate; the leader settled it."""
    budget.approve(province.users["lanhdao"], decision_number="Tờ trình 12/TTr-LĐLĐ", on=on - timedelta(days=10))
    for line in budget.lines.all():
        above = 1_500_000 if line.order == 1 else 0
        paper = {"document_number": f"PC-SK{line.pk}"} if line.fund_id else {}
        line.spend(
            province.users["taichinh"], quantity=line.quantity, price=line.price + above, on=on,
            reason="Thuê thêm màn hình cho khu vực ngoài sảnh." if above else "", **paper,
        )  # fmt: skip
    budget.settle(province.users["lanhdao"], on=min(province.today, on + timedelta(days=5)))
