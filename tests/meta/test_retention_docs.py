"""The operator reads how long everything is kept."""

import re
from collections import Counter
from pathlib import Path

from webapp import domains
from webapp.kernel.domain import Domains

ROW = re.compile(r"^\| .+ \| (\d+) days?\b.* \|$", re.MULTILINE)


def test_every_rule_of_clean_up_stands_in_the_table_with_its_age():
    text = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
    table = text.partition("Once started it removes")[2].partition("Deliveries with")[0]

    told = Counter(int(days) for days in ROW.findall(table))

    assert told == Counter(rule.age.days for rule in Domains(domains.DOMAINS).retention)
