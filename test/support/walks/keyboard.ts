/** What somebody does with the keyboard alone: what has the focus is seen, and whatever they need is reached in the page's order. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";

/** More stops than any page has, twice around. */
const stopsMost = 600;

/** Runs in the browser: what of the focus is not to be seen; empty where all is well. */
const unseen = `(() => {
  const has = document.activeElement;
  const drawn = [has, has.closest("label"), has.nextElementSibling].filter((one) => one !== null).some((one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  const { top, bottom } = has.getBoundingClientRect();
  if (bottom <= 0 || top >= innerHeight) return "out of sight: " + has.outerHTML.slice(0, 160);
  return drawn ? "" : "no focus to be seen: " + has.outerHTML.slice(0, 160);
})()`;

/** Goes on with the tabulator until what fits has the focus. */
async function tabTo(page: Page, wanted: Locator, fits: () => Promise<boolean>): Promise<void> {
  for (let stop = 0; stop < stopsMost; stop += 1) {
    if (await fits()) {
      assert.equal(await page.evaluate<string>(unseen), "", page.url());
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`${String(wanted)} is not reached by the keyboard at ${page.url()}`);
}

const hasFocus = (wanted: Locator): Promise<boolean> =>
  wanted.evaluate((one) => one === document.activeElement);

export const reach = (page: Page, wanted: Locator): Promise<void> =>
  tabTo(page, wanted, () => hasFocus(wanted));

/** Presses a button or a link. */
export async function enter(page: Page, wanted: Locator): Promise<void> {
  await reach(page, wanted);
  await page.keyboard.press("Enter");
}

/** Types in the place of what stands in a field. */
export async function type(page: Page, field: Locator, text: string): Promise<void> {
  // The parts of a day stand in another order in each country: with the focus on it, the browser is told the day itself.
  const isDay = (await field.getAttribute("type")) === "date";
  await tabTo(page, field, () =>
    field.evaluate((one) => one === document.activeElement || one.matches(":focus-within")),
  );
  if (isDay) return field.fill(text);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await page.keyboard.type(text);
}

/** Ticks a box, or goes through the choices of a name until this one is chosen. */
export async function choose(page: Page, choice: Locator): Promise<void> {
  if ((await choice.getAttribute("type")) === "checkbox") {
    await reach(page, choice);
    if (!(await choice.isChecked())) await page.keyboard.press("Space");
  } else {
    const isNear = () =>
      choice.evaluate((one) => {
        const [wanted, has] = [one as HTMLInputElement, document.activeElement as HTMLInputElement | null];
        return has?.type === "radio" && has.name === wanted.name && has.form === wanted.form;
      });
    await tabTo(page, choice, isNear);
    for (let step = 0; step < 50 && !(await hasFocus(choice)); step += 1)
      await page.keyboard.press("ArrowDown");
    if (!(await choice.isChecked())) await page.keyboard.press("Space");
  }
  assert.ok(await choice.isChecked(), `${String(choice)} is chosen by the keyboard at ${page.url()}`);
}
