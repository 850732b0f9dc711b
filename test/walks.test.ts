/**
 * Buyer, guest, recipient, new member and carrier walk through their stories in a real Chromium, at each of the servers where
 * the demo's shop sells, on phone and desk, in both languages, with scripts and without: so few walks that every two of these
 * choices come together in one. A browser that complains, be it of a script, a policy, an answer or a request, fails its walk.
 *
 * Ways that once ended nowhere, and where each is walked to its end:
 *
 * | once it ended here                                     | walked in |
 * |---|---|
 * | 1. accepting before anything came was the main button  | "accepting early ..." below |
 * | 2. a guest lost the trade with the browser             | "a guest comes back ..." below, and the guest's story |
 * | 3. the recipient of a present had neither link nor code | the recipient's story, and present-walk.test.ts |
 * | 4. a new member had no means, and no way to get any    | the new member's story |
 * | 5. money was missing, and nobody said how much         | "who is short ..." below |
 * | 6. another account than asked for was tied, or none    | "an account of another kind ..." below; the carrier's wrong code in their story |
 * | 7. what to do with what was rejected                   | "what was rejected ..." below |
 * | 8. paying on a day, and going back from it             | "paid on a day ..." below |
 * | 9. two servers on one host shared a cookie; the carrier's list stayed empty | "signed in at three servers ..." below; the carrier's story |
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import {
  acceptsEarly,
  guestComesBack,
  isShort,
  paysOnADay,
  sendsBack,
  signsInTwice,
  tiesAnother,
} from "./support/walks/dead-ends.ts";
import { lookOf, walks, wordsOf } from "./support/walks/looks.ts";
import { Crowd, type Look } from "./support/walks/person.ts";
import type { Demo, Place, Scene } from "./support/walks/place.ts";
import { stories } from "./support/walks/stories.ts";
import { program, startDemo } from "./support/world/running-demo.ts";

let world: Awaited<ReturnType<typeof startDemo<Demo>>>;
let browser: Browser;

before(async () => {
  browser = await launchBrowser();
  world = await startDemo<Demo>();
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

/** Plays a story, and fails where any browser in it complained. */
async function play(place: Place, look: Look, story: (scene: Scene) => Promise<void>): Promise<void> {
  const crowd = new Crowd(browser, look);
  try {
    await story({ demo: world.demo, place, crowd });
  } finally {
    await crowd.leave();
  }
  assert.deepEqual(crowd.wrong, []);
}

test("every two choices of role, server, size, language and scripts come together in a walk", () => {
  const choices = walks.map(({ role, place, look }) => ({ role, place, ...look }));
  const values = (key: keyof (typeof choices)[number]) => [...new Set(choices.map((each) => each[key]))];
  for (const one of ["role", "place", "size", "lang", "scripts"] as const)
    for (const other of ["role", "place", "size", "lang", "scripts"] as const)
      for (const first of one === other ? [] : values(one))
        for (const second of values(other))
          assert.ok(
            choices.some((each) => each[one] === first && each[other] === second),
            `${String(first)} with ${String(second)}`,
          );
  assert.deepEqual([values("size").length, values("lang").length, values("scripts").length], [2, 2, 2]);
});

test("a browser that complains fails its walk", async () => {
  const crowd = new Crowd(browser, lookOf(0));
  const person = await crowd.somebody();
  await person.go(world.demo.shop.url);
  await person.page.goto(`${world.demo.shop.url}/nowhere`);
  await person.page.evaluate(() => {
    const style = document.createElement("style");
    style.textContent = "body { color: red }";
    document.head.append(style);
    setTimeout(() => {
      throw new Error("a script that fails");
    });
  });
  await person.go(world.demo.shop.url);
  await crowd.leave();
  const said = crowd.wrong.join("\n");
  for (const part of [/status of 404/, /Policy: style-src/, /a script that fails/]) assert.match(said, part);
});

for (const { role, place, look } of walks)
  test(`${role}, at the ${place}: ${wordsOf(look)}`, () => play(place, look, stories[role]));

for (const [turn, [name, place, walk]] of (
  [
    [
      "accepting early is asked once more with the sum, and what is left is shipped",
      "institution",
      acceptsEarly,
    ],
    ["a guest comes back to each of two orders, and from another device", "institution", guestComesBack],
    ["who is short of money reads how much, brings it, and goes on", "institution", isShort],
    ["an account of another kind is not offered, and nothing is tied", "facilitator", tiesAnother],
    [
      "what was rejected has an address, a parcel and a day, and the shop can contest it",
      "facilitator",
      sendsBack,
    ],
    [
      "paid on a day: a wrong one is said, goods go back, calling off is asked once more",
      "institution",
      paysOnADay,
    ],
    ["signed in at three servers on one host", "guarantor", signsInTwice],
  ] as const
).entries())
  test(`${name}: ${wordsOf(lookOf(turn))}`, () => play(place, lookOf(turn), walk));

test("after all of it the books agree", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, "audit", "--dir", world.dir]);
  assert.match(stdout, /^The books agree\.$/m);
});
