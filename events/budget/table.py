"""The lines of a budget beside what was spent, one set of sums for the page, the papers and the event's report."""

from dataclasses import dataclass, field

from events.budget.models import BudgetLine, EventBudget


@dataclass
class Sums:
    """VND. ``spent`` and ``difference`` are of the lines that are recorded; ``open`` counts those that are not."""

    estimated: int = 0
    spent: int = 0
    difference: int = 0
    above: int = 0
    open: int = 0
    count: int = 0

    def add(self, line: BudgetLine):
        self.count += 1
        self.estimated += line.estimated
        if line.spent is None:
            self.open += 1
        else:
            self.spent += line.spent
            self.difference += line.difference
            self.above += max(0, line.difference)


@dataclass
class Comparison:
    lines: list[BudgetLine]
    total: Sums = field(default_factory=Sums)
    by_source: dict[str, Sums] = field(default_factory=dict)


def comparison_of(budget: EventBudget) -> Comparison:
    lines = list(budget.lines.select_related("fund", "entry", "spent_by"))
    found = Comparison(lines)
    for line in lines:
        line.budget = budget
        found.total.add(line)
        found.by_source.setdefault(line.pays, Sums()).add(line)
    return found
