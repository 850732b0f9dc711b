import assert from "node:assert/strict";
import { test } from "node:test";
import { h } from "preact";
import { type ActorRole, problem, problemCodes, tradeStates } from "../src/core/protocol/protocol.ts";
import { samplePages } from "./support/tables/samples.ts";
import { tradesUnderWay } from "./support/tables/sample-goods.ts";
import { plainTexts, type SampleTexts, sampleTrade } from "./support/tables/sample-trades.ts";
import { help } from "../src/edge/parts/advice.ts";
import { Page, render, renderPage } from "../src/edge/parts/layout.tsx";
import { Amount, TradeNumber } from "../src/edge/parts/locale.tsx";
import { ProblemPage, Refused } from "../src/edge/parts/problem-page.tsx";
import { pagePolicy } from "../src/edge/http/http.ts";
import { assets, scriptAsset } from "../src/edge/parts/style.ts";
import { MoneyBar } from "../src/edge/parts/trade-progress.tsx";
import { actsOffered } from "../src/edge/trade-views/trade-acts.ts";

const all = (texts: string): SampleTexts => ({ shop: texts, goods: texts, reason: texts, person: texts });

/** Start tags with their attributes; what is quoted or between tags is not one. */
function tagsOf(html: string): { name: string; attributes: Map<string, string> }[] {
  return [...html.matchAll(/<([a-z][a-z0-9]*)((?:\s+[^\s=>"]+(?:="[^"]*")?)*)\s*\/?>/gi)].map((found) => ({
    name: (found[1] ?? "").toLowerCase(),
    attributes: new Map(
      [...(found[2] ?? "").matchAll(/([^\s=]+)(?:="([^"]*)")?/g)].map((one) => [one[1] ?? "", one[2] ?? ""]),
    ),
  }));
}

const shape = (html: string): string =>
  tagsOf(html)
    .map(({ name, attributes }) => `${name} ${[...attributes.keys()].join(" ")}`)
    .join("\n");

const hostile: [string, string][] = [
  ["a script", "<script>alert(1)</script>"],
  ["an image with a handler", '"><img src=x onerror=alert(1)>'],
  ["quotes", `"' onmouseover="x" '`],
  ["an entity", "&lt;b&gt; &amp; &#x3c;script&#x3e;"],
  ["the end of a text area and a title", "</textarea></title><svg/onload=x>"],
  ["marks that turn the direction", "\u202eevil\u202d\u2066x"],
  ["a word of 200 letters", "W".repeat(200)],
  ["words of the pages themselves", "{amount} {shop} $& $1 \u0000amount\u0000"],
];

const scriptOf = ({ path }: { path: string }): string => `<script type="module" src="${path}"></script>`;
/** The one script of every page, whole without it. */
const ownScript = scriptOf(scriptAsset);
/** What some pages have beside it. */
const moreScripts = assets.filter((each) => each !== scriptAsset && each.path.endsWith(".js")).map(scriptOf);
const photo =
  /<img src="\/v1\/trades\/[0-9]+\/photos\/[0-9a-f]{64}" alt="[^"]*" loading="lazy" width="120" height="120"\/>/g;
/** A page without what pages bring themselves. */
const without = (html: string): string =>
  moreScripts
    .reduce((rest, script) => rest.replaceAll(script, ""), html.replace(ownScript, ""))
    .replaceAll(photo, "");

const plain = samplePages(plainTexts);

for (const [name, text] of hostile) {
  test(`what people have typed stays text: ${name}`, () => {
    for (const [page, html] of Object.entries(samplePages(all(text)))) {
      assert.equal(shape(html), shape(plain[page] ?? ""), page);
      assert.ok(!/<script|<img|<svg\/onload/i.test(without(html)), page);
    }
  });
}

test("every page is one document with a language, a title, a heading and landmarks", () => {
  for (const [page, html] of Object.entries(plain)) {
    const tags = tagsOf(html);
    const count = (name: string) => tags.filter((tag) => tag.name === name).length;
    assert.ok(html.startsWith('<!doctype html><html lang="en">'), page);
    for (const name of ["title", "h1", "main", "header"]) assert.equal(count(name), 1, `${page}: ${name}`);
    assert.match(html, /<title>[^<]+ – Kenshu<\/title>/, page);
    const levels = [...html.matchAll(/<h([1-6])/g)].map((found) => Number(found[1]));
    levels.reduce((above, level) => {
      assert.ok(level <= above + 1, `${page}: h${level} after h${above}`);
      return level;
    });
  }
});

test("ids stand once, and what names an id finds it", () => {
  for (const [page, html] of Object.entries(plain)) {
    const tags = tagsOf(html);
    const ids = tags.flatMap(({ attributes }) => attributes.get("id") ?? []);
    assert.equal(
      new Set(ids).size,
      ids.length,
      `${page}: ${ids.filter((id, index) => ids.indexOf(id) !== index).join()}`,
    );
    for (const { attributes } of tags) {
      const named = ["for", "aria-labelledby", "aria-describedby"].flatMap(
        (name) => attributes.get(name)?.split(" ") ?? [],
      );
      const target = attributes.get("href");
      if (target?.startsWith("#") === true) named.push(target.slice(1));
      for (const id of named) assert.ok(ids.includes(id), `${page}: nothing has the id ${id}`);
    }
  }
});

test("every control has a label, and every form that acts has a key", () => {
  for (const [page, html] of Object.entries(plain)) {
    const tags = tagsOf(html);
    const labelled = new Set(tags.flatMap(({ attributes }) => attributes.get("for") ?? []));
    for (const { name, attributes } of tags) {
      const control =
        ["select", "textarea"].includes(name) || (name === "input" && attributes.get("type") !== "hidden");
      if (control) assert.ok(labelled.has(attributes.get("id") ?? "-"), `${page}: ${attributes.get("name")}`);
    }
    const keys = html.match(/name="key" value="[^"]+"/g) ?? [];
    const acting =
      html.match(
        /<form method="post" action="\/(trades|mandates|consents|settlements|objections|shops|counter|bills|debts|credit-requests|payout-files|payout-reports|bank-transfers|fund|pay-due|lenders|reserve|lent-lines|join|accounts|tie"|operator-acts|disputes|desk\/(?:members|trades|acts|breaks)|shop\/)[^>]*>/g,
      ) ?? [];
    assert.equal(keys.length, acting.length, page);
    assert.equal(new Set(keys).size, keys.length, `${page}: two forms have one key`);
  }
});

test("the pages keep the policy: scripts of their own, nothing inline, nothing from elsewhere", () => {
  assert.match(pagePolicy(), /default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; /);
  for (const [page, whole] of Object.entries(plain)) {
    assert.equal(whole.split(ownScript).length, 2, page);
    const html = without(whole);
    for (const { name, attributes } of tagsOf(html)) {
      assert.ok(!["script", "iframe", "object", "style", "base"].includes(name), `${page}: ${name}`);
      for (const [attribute, value] of attributes) {
        assert.ok(attribute !== "style" && !attribute.startsWith("on"), `${page}: ${attribute}`);
        const leads = ["href", "src", "action"].includes(attribute);
        const call = name === "a" && /^tel:[+0-9]+$/.test(value);
        const toInstitution = name === "a" && /^https:\/\/institution[12]\.example$/.test(value);
        // Where a parcel is followed somebody has said; the page shows the host, and nothing but a press leads there.
        const follows = name === "a" && attributes.has("data-follow") && /^https?:/.test(value);
        if (leads && !toInstitution && !call && !follows) assert.match(value, /^[/#]/, page);
      }
    }
    for (const [, path] of html.matchAll(/<link [^>]*href="([^"]+)"/g)) {
      assert.ok(
        assets.some((asset) => asset.path === path),
        `${page}: ${path}`,
      );
    }
  }
  for (const { body } of assets) assert.ok(!/url\(|@import|expression/.test(body));
});

test("an address of an asset names its content", () => {
  for (const { path } of assets) assert.match(path, /^\/assets\/[a-z]+-[0-9a-f]{16}\.(css|svg|js)$/);
  assert.equal(new Set(assets.map(({ path }) => path)).size, assets.length);
});

const text = (html: string) => html.replaceAll(/<[^>]+>/g, "");
const said = (child: Parameters<typeof h>[2]) =>
  text(renderPage(h("main", null, child))).replace("<!doctype html>", "");

test("amounts are exact at any size, and trade numbers are said in fours", () => {
  const cases: [bigint | number, string, string][] = [
    [3600, "JPY", "¥3,600"],
    [1200, "USD", "$12.00"],
    [Number.MAX_SAFE_INTEGER, "JPY", "¥9,007,199,254,740,991"],
    [10n ** 20n + 1n, "USD", "$1,000,000,000,000,000,000.01"],
    [0, "JPY", "¥0"],
  ];
  for (const [amount, currency, expected] of cases)
    assert.ok(said(h(Amount, { amount, currency })).includes(expected));
  assert.ok(said(h(TradeNumber, { number: "48210733951146" })).includes("4821\u00a00733\u00a09511\u00a046"));
});

test("the bar shows shares of the amount, at the largest amount too", () => {
  const largest = Number.MAX_SAFE_INTEGER;
  const bar = { amount: largest, frozen: largest - 1, settled: 1, released: 0, currency: "JPY" };
  const html = render(MoneyBar, bar);
  assert.match(html, /width="0%"/);
  assert.match(html, /width="99.9%"/);
  for (const word of ["Frozen", "Paid", "Released"]) assert.ok(text(html).includes(word));
});

const now = { at: "2026-11-25T09:00:00Z" };

test("what is offered fits the state and the role", () => {
  const offered = Object.fromEntries(
    tradeStates.map((state) => [state, actsOffered(sampleTrade(state, plainTexts), "buyer", now).join(" ")]),
  );
  assert.deepEqual(offered, {
    proposed: "approve cancel",
    refused: "approve cancel",
    reserved: "deliver accept extend dispute cancel",
    delivered: "accept reject dispute",
    accepted: "",
    settled: "",
    cancelled: "",
    rejected: "",
    expired: "",
    disputed: "say deliver offer",
  });
  const reserved = sampleTrade("reserved", plainTexts);
  assert.deepEqual(actsOffered(reserved, "carrier", now), ["at-door", "ship", "deliver"]);
  assert.deepEqual(actsOffered(reserved, "provider", now), ["at-door", "deliver"]);
  assert.deepEqual(actsOffered(reserved, "operator", now), []);
  const waiting = { step: "accept", since: "2026-11-22T09:00:00Z" };
  assert.deepEqual(actsOffered({ ...reserved, pending: waiting }, "buyer", now), []);
});

test("what is offered fits where the goods are", () => {
  const trades = tradesUnderWay(plainTexts);
  const offered = (role: ActorRole, situation: Parameters<typeof actsOffered>[2] = now) =>
    Object.fromEntries(
      Object.entries(trades).map(([name, trade]) => [name, actsOffered(trade, role, situation).join(" ")]),
    );
  assert.deepEqual(offered("buyer"), {
    way: "deliver accept reject dispute cancel",
    sure: "deliver accept reject dispute cancel",
    late: "deliver accept not-come reject dispute cancel",
    claimed: "deliver accept reject dispute cancel",
    here: "accept reject extend dispute cancel",
    "to-send": "accept send-back offer dispute cancel",
    homeward: "offer dispute",
    home: "accept-offer answer say offer",
    missing: "offer dispute",
    "never-came": "offer dispute",
    withdrawn: "send-back withdraw offer dispute",
    keep: "withdraw",
  });
});

test("a carrier's page shows no price and no payer", () => {
  for (const page of ["trade-carrier", "trade-carrier-accepts", "trade-carrier-back", "trade-recipient"]) {
    const said = text(plain[page] ?? "");
    assert.ok(said.includes("Tea set"), page);
    // Neither the price nor what became of the money, in no words.
    assert.doesNotMatch(said, /¥|13,600|1,200|[Ff]rozen (?!when)|[Pp]aid|8,400/, page);
  }
  assert.doesNotMatch(text(plain["deliveries"] ?? ""), /¥|13,600|[Pp]aid|[Rr]efused/);
});

test("every problem says what can be done", () => {
  for (const code of problemCodes) {
    const html = render(ProblemPage, {
      frame: { face: { name: "Kenshu", lead: "home.institution", money: "accounts" } },
      problem: problem(code),
    });
    assert.ok(html.includes(`data-code="${code}"`) && help(code).startsWith("help."));
  }
});

test("a refusal in a form prints its code where it asks to have it read out, and only there", () => {
  for (const lang of ["en", "ja"] as const)
    for (const code of problemCodes) {
      const attempt = { values: {}, errors: {}, problem: problem(code) };
      const html = render(Refused, { attempt }, { lang });
      assert.equal(html.includes(`<code>${code}</code>`), help(code) === "help.operator", code);
    }
  const own = [
    "door_code_invalid",
    "recipient_code_invalid",
    "consent_not_valid",
    "reference_in_use",
  ] as const;
  for (const code of own) assert.notEqual(help(code), "help.operator", code);
});

test("a refusal whose detail says no more than its title is said once", () => {
  const said = problem("already_cancelled", "The trade is cancelled.");
  const html = render(Refused, { attempt: { values: {}, errors: {}, problem: said } });
  assert.ok(!html.includes("The trade is cancelled."));
});

test("the pages of a shop bring its name and its navigation", () => {
  const html = render(Page, {
    title: "Goods",
    owner: { name: "Tea <House>", home: "/", foot: "Foot" },
    navigation: [{ href: "/cart", text: "Cart", current: true }],
    children: h("h1", null, "Goods"),
  });
  assert.match(html, /<title>Goods – Tea &lt;House><\/title>/);
  assert.match(html, /<a href="\/cart" aria-current="page">Cart<\/a>/);
  assert.ok(!html.includes("Sign out"));
});
