"""The list of workflows has room for its words, whatever a run costs and whoever set when."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page

from channels import Operation, Price
from tests.support.factories import make_service, make_workflow
from tests.support.fakes import FakeNetwork
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.workflows.models import WorkflowState

pytestmark = pytest.mark.browser

# Parts of one row that lie on each other, and words that are given less than their own width.
CROSSED = """() => {
  const wrong = [];
  for (const row of document.querySelectorAll("#workflows tbody tr")) {
    const cells = [...row.children].map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return range.getBoundingClientRect();
    });
    cells.forEach((one, at) => cells.slice(at + 1).forEach((other) => {
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (wide > 1 && high > 1) wrong.push(`${row.innerText}: ${wide} x ${high}`);
    }));
    for (const cell of row.children)
      if (cell.offsetWidth < 60) wrong.push(`narrow: ${cell.innerText}`);
  }
  return wrong;
}"""


@pytest.mark.parametrize("width", [1280, 375])
def test_no_part_of_a_row_squeezes_another(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime, network: FakeNetwork, width: int
):
    price = Price(operation=Operation.AUDIENCE, amount=Decimal("0.01"), label="Followers")
    network.prices = [price]
    for name in ("ateliernord", "atelier_nord_of_the_north"):
        make_service(runtime, internal_name=name, remote_id=name, monthly_budget=Decimal(5))
    stopped = make_workflow(runtime, time_zone="America/Los_Angeles", state=WorkflowState.STOPPED)
    page = page_as(Role.ADMIN)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/workflows")

    name = page.locator(f"#workflow-{stopped.id} .ff-name")
    line = name.evaluate("name => parseFloat(getComputedStyle(name).lineHeight)")

    assert page.get_by_text("A run now costs:").first.is_visible()
    assert page.evaluate(CROSSED) == []
    assert name.bounding_box()["height"] <= 2 * line
    assert page.evaluate("document.documentElement.scrollWidth") == width
