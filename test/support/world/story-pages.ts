/** What pages say in a story of goods: how it stands, where they are, what happens by when, and what the money comes to. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { TradeView } from "../../../src/core/protocol/protocol.ts";
import { saidBy } from "../wire/forms.ts";
import type { WebPage } from "./web-person.ts";

/** What a page says first, by its name in the sources. */
export const leadOn = ({ html }: WebPage): string => /id="now" data-lead="(\w+)"/.exec(html)?.[1] ?? "";

const dated = /data-deadline="(\w+)"><dt><time datetime="([^"]+)"/gi;

function datesOn({ html }: WebPage): [name: string, due: string][] {
  return [...html.matchAll(dated)].map(([, name = "", due = ""]) => [name, due]);
}

/** Where the goods are, which deadlines there are, in the order of the page, and what somebody is asked beside them. */
export function goodsOn(page: WebPage): string {
  const places = [...page.html.matchAll(/data-place="(\w+)"/g)].map(([, place]) => place);
  const asked = ["wish", "offered"].filter((id) => page.html.includes(`id="${id}"`));
  return [places, datesOn(page).map(([name]) => name), asked]
    .map((part) => part.join(" "))
    .filter((part) => part !== "")
    .join("; ");
}

/** Whose word of a delivery counts, as the page says it. */
export const wordOn = ({ html }: WebPage): string | undefined => /id="word">([^<]+)</.exec(html)?.[1];

function yenOn({ html }: WebPage, part: string): number {
  const shown = new RegExp(`data-part="${part}">.*?<dd>(.*?)</dd>`, "s").exec(html)?.[1] ?? "";
  return Number(shown.replaceAll(/<[^>]+>|[^0-9]/g, ""));
}

/** Words for those who write programs, and what a page shows where a value is missing. */
const noWords = /`|undefined|NaN|\[object|\{\w+\}|Idempotency/;

/** What a page compressed weighs at most, in bytes. */
const heaviest = 5500;

/** In what a page tells a trade otherwise than it stands: state, sums and deadlines are those of the trade. Empty where it is right. */
export function difference(page: WebPage, trade: TradeView): string {
  const { deadlines, frozen, settled, released, unshippedUntil = null, withdrawable = [] } = trade;
  const known: Record<string, string | null> = { ...deadlines, unshippedUntil };
  const rights = withdrawable.map(({ until }) => until);
  const isRight = (name: string, due: string) =>
    name === "coolingOffUntil" ? rights.includes(due) : due === known[name];
  const told = ["frozen", "settled", "released"].map((part) => yenOn(page, part)).join("/");
  const sums = [frozen, settled, released].join("/");
  return [
    ...(page.html.includes(`data-state="${trade.state}"`) ? [] : [`not ${trade.state}`]),
    ...(told === sums ? [] : [`${told}, not ${sums}`]),
    ...datesOn(page).flatMap(([name, due]) =>
      isRight(name, due) ? [] : [`${name} ${due}, not ${known[name] ?? rights.join(" or ")}`],
    ),
  ].join("; ");
}

/** A page about money says when something happens to what is frozen, in words for people, and is light. */
export function checkPage(page: WebPage, { frozen }: TradeView): void {
  if (frozen !== 0) assert.ok(datesOn(page).length > 0, `${page.path}: frozen, with no end in sight`);
  assert.doesNotMatch(saidBy(page.html), noWords, page.path);
  const weight = gzipSync(page.html).length;
  assert.ok(weight <= heaviest, `${page.path} weighs ${weight} bytes`);
}
