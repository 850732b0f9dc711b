/**
 * What operators can do, by the list of their acts and by the calls of running servers, and where each is on a page. One without
 * a page stands here with its reason, so that the next act cannot be forgotten.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { forms, formNames } from "../src/edge/act-forms/act-forms.ts";
import { type ActName, actNames } from "../src/edge/operators/operators.ts";
import { openGuaranteed } from "./support/world/guaranteed.ts";
import { openPair } from "./support/world/pair.ts";

interface Route {
  methods: string[];
  url: string;
  config: { access: string[]; page?: boolean; form?: boolean; acts?: string[] };
}

const { guarantor, institution } = await openGuaranteed({ after });
const { facilitator } = await openPair({ after });
const routes: Route[] = [];
for (const { url } of [guarantor, institution, facilitator])
  routes.push(...((await (await fetch(`${url}/-/routes`)).json()) as Route[]));

const isPage = ({ config: { page = false, form = false } }: Route): boolean => page || form;
const isOfOperators = ({ config: { access } }: Route): boolean =>
  access.includes("operator") || access.includes("admin");
const generic = "/desk/acts/:form";

/** Acts on pages of their own: those of forms that are made by hand. */
const byHand = new Set(
  routes.filter((route) => isPage(route) && route.url !== generic).flatMap(({ config }) => config.acts ?? []),
);
const byForm = new Set(formNames.flatMap((name) => forms[name].acts as readonly string[]));

/** Acts without a page, and why. */
const actsWithout: Partial<Record<ActName, string>> = {
  "clock.advance": "of a sandbox, by the key of its configuration: nobody signs in for it",
  "photo.read": "asked for beside the photo, with a reason",
  "method.limit": "of one line by its id, for programs: people set a line by its currency",
  "method.close": "of one line by its id, for programs: people close a line by its currency",
};

test("each act of operators has a page, or a line that says why not", () => {
  const without = actNames.filter((name) => !byHand.has(name) && !byForm.has(name));
  assert.deepEqual(
    without.filter((name) => actsWithout[name] === undefined),
    [],
    "give this act a form in src/edge/act-forms, or say here why it has none",
  );
});

/** The calls that a form makes, with each of its kinds. */
const made = new Set(
  formNames.flatMap((name) => {
    const { method, path, fields } = forms[name];
    const kinds = fields.find((field) => field.name === "kinds")?.choices ?? { none: "" };
    return Object.keys(kinds).map((kind) => `${method} ${path.replace(":kinds", kind)}`);
  }),
);

/** Calls that change something and are made by no form: on a page of their own, or why not. */
const otherCalls: readonly [RegExp, where: string][] = [
  [/^POST \/v1\/trades(\/:number\/[a-z-]+(\/accept)?)?$/, "acting for a caller, and deciding a dispute"],
  [/^POST \/v1\/guarantees\/:number\/(claim|release)$/, "acting for a caller"],
  [/^POST \/v1\/operator-acts\/:id\/(confirm|decline|collect|look)$/, "/operator-acts"],
  [/^POST \/v1\/credit-requests\/:id\/(grant|refuse)$/, "/credit-requests"],
  [/^(PUT|POST) \/v1\/lent-lines\/:id(\/calls|\/stop)?$/, "/lent-lines"],
  [/^POST \/v1\/bills\/:number\/(instalments|write-off)$/, "/debts"],
  [/^POST \/v1\/payout-(files(\/:id\/(approve|drop|complete))?|reports)$/, "/payout-files"],
  [/^POST \/v1\/(bank-statements|arrivals\/assign|arrivals\/:id\/dismiss)$/, "/bank-transfers"],
  [/^POST \/v1\/settlements\/:id\/decide$/, "/objections"],
  [/^POST \/v1\/members\/:number\/methods\/:id\/limit$/, "the line of a member is set by its currency"],
  [
    /^(POST|PUT|DELETE) \/v1\/(passkeys|proofs|sessions)(\/|$)/,
    "an operator's own, on the pages of whoever signs in",
  ],
  [/^POST \/v1\/breaks\/:id\/(explain|close)$/, "/desk/breaks"],
  [/^POST \/v1\/trades\/:number\/mails\/:id\/send$/, "the trade as operators see it"],
  [/^POST \/v1\/test-clock\/advance$/, "of a sandbox, by the key of its configuration"],
];

/** Calls that read, by the page on which it is read, or why it is on none. */
const readCalls: readonly [RegExp, where: string][] = [
  [
    /^\/v1\/(shops|carriers|providers|collectors)(\/:id(\/(keys|people|standing|stand-limits|ties))?)?$/,
    "/desk/parties",
  ],
  [/^\/v1\/collectors\/:id\/takings$/, "/collectors says what each owes, and since when"],
  [/^\/v1\/(shops|carriers|providers|collectors)\/:id\/notices$/, "what the party itself is told"],
  [/^\/v1\/operators(\/:id\/keys)?$/, "/desk/operators, and the form of a key"],
  [/^\/v1\/operator-acts$/, "/operator-acts"],
  [/^\/v1\/disputes$/, "/disputes"],
  [/^\/v1\/(transfers|payouts|peers)$/, "/desk/transfers, /desk/payouts, /desk/servers"],
  [/^\/v1\/peers\/:id\/breaches$/, "/desk/servers"],
  [/^\/v1\/payout-files/, "/payout-files"],
  [/^\/v1\/(arrivals|bank-statements|return-accounts)/, "/bank-transfers"],
  [/^\/v1\/(bills|debts)/, "/debts"],
  [/^\/v1\/(credit-requests|lent-lines)/, "/credit-requests, /lent-lines"],
  [/^\/v1\/(credit-lines|collections|chains|fundings)\//, "how it stands, on the form of the act"],
  [/^\/v1\/accounts\/:id/, "the account, on the form of the act"],
  [/^\/v1\/breaks(\/:id)?$/, "/desk/breaks"],
  [/^\/v1\/settlement-objections$/, "/objections"],
  [/^\/v1\/trades/, "the order that was found"],
  [/^\/v1\/guarantees\//, "the order that was found"],
  [/^\/v1\/members\//, "the member who was found"],
  [/^\/v1\/(sessions\/open|passkeys)$/, "an operator's own, on the pages of whoever signs in"],
];

const calls = routes
  .filter((route) => route.url.startsWith("/v1/") && !isPage(route) && isOfOperators(route))
  .flatMap(({ methods, url }) =>
    methods.filter((method) => method !== "HEAD").map((method) => ({ method, url })),
  );
const changing = [
  ...new Set(calls.filter(({ method }) => method !== "GET").map(({ method, url }) => `${method} ${url}`)),
].filter((call) => !made.has(call));
const reading = [...new Set(calls.filter(({ method }) => method === "GET").map(({ url }) => url))];

for (const [what, found, lines] of [
  ["changes something", changing, otherCalls],
  ["reads", reading, readCalls],
] as const)
  test(`each call of operators that ${what} is on a page, or a line says why not`, () => {
    assert.ok(found.length > 30, "there is something to compare");
    assert.deepEqual(
      found.filter((call) => !lines.some(([of]) => of.test(call))),
      [],
      "give it a form in src/edge/act-forms, or a line here",
    );
    assert.deepEqual(
      lines.filter(([of]) => !found.some((call) => of.test(call))).map(([of]) => String(of)),
      [],
      "this line is no longer needed",
    );
  });

test("each form makes a call that a server has, and says the acts of that call", () => {
  for (const name of formNames) {
    const { method, path, acts, fields } = forms[name];
    const kinds = Object.keys(fields.find((field) => field.name === "kinds")?.choices ?? { none: "" });
    for (const kind of kinds) {
      const url = path.replace(":kinds", kind);
      const route = routes.find((one) => one.url === url && one.methods.includes(method));
      assert.ok(route !== undefined, `${name}: no server has ${method} ${url}`);
      const said = route.config.acts ?? [];
      assert.deepEqual(
        acts.filter((act) => !said.includes(act)),
        [],
        name,
      );
    }
  }
});

test("no line is left over for an act that has a page", () => {
  const idle = Object.keys(actsWithout).filter((name) => byHand.has(name) || byForm.has(name));
  assert.deepEqual(idle, []);
});
