"""What a finger asks of a page on a phone."""

from playwright.sync_api import Page

# WCAG 2.2, target size (enhanced): https://www.w3.org/TR/WCAG22/#target-size-enhanced
# A pixel is left at each end, since edges lie between pixels.
SMALL = """() => [...document.querySelectorAll(
    '.btn, .ff-chip:not(li), .ff-tabs > a, .ff-subnav a, .ff-bottom > a, .ff-crumbs a, summary'
  )].filter((item) => {
    if (!item.checkVisibility() || item.matches(':disabled, [aria-disabled], span')) return false;
    item.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = item.getBoundingClientRect();
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    return [-21, 21].some((far) => {
      const found = document.elementFromPoint(middle[0], middle[1] + far);
      return !found || !item.contains(found);
    });
  }).map((item) => item.outerHTML.slice(0, 120))"""

OUTSIDE = """() => [...document.querySelectorAll('details.ff-menu')].filter((menu) => {
    if (!menu.checkVisibility()) return false;
    menu.open = true;
    const box = menu.querySelector('.ff-menu-list').getBoundingClientRect();
    menu.open = false;
    return box.left < 0 || box.right > document.documentElement.clientWidth;
  }).map((menu) => menu.outerHTML.slice(0, 120))"""


def missed_by_fingers(page: Page) -> list[str]:
    """Return what answers on less than 44 px, and menus that open beyond the screen."""
    small = [f"less than 44 px: {found}" for found in page.evaluate(SMALL)]
    return small + [f"beyond the screen: {found}" for found in page.evaluate(OUTSIDE)]
