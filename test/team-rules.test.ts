/**
 * What the people of a shop may do is said for every call that a shop may make, and for every page; and for none that is not
 * there. A call without its line would be the owners' and nobody would know why.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { mayCall, ruleOfCall } from "../src/edge/roles/roles.ts";
import { shopRoles } from "../src/storage/identity/identity.ts";
import { openGuaranteed } from "./support/world/guaranteed.ts";
import { openPair } from "./support/world/pair.ts";

interface Route {
  methods: string[];
  url: string;
  config: { access: string[]; page?: boolean; form?: boolean };
}

const { guarantor, institution } = await openGuaranteed({ after });
const { facilitator } = await openPair({ after });
const routes = new Map<string, Route>();
for (const { url } of [guarantor, institution, facilitator])
  for (const route of (await (await fetch(`${url}/-/routes`)).json()) as Route[])
    for (const method of route.methods.filter((each) => each !== "HEAD"))
      routes.set(`${method} ${route.url}`, route);

/** Of carriers, providers and whoever takes money alone: their people have one sign-in. */
const ofOthers = / \/v1\/(carriers|providers|collectors)\//;
const mayShop = ({ config: { access } }: Route): boolean =>
  access.some((word) => word === "shop" || word === "party");

test("each call and page for shops has its line", () => {
  const names = [...routes]
    .filter(([name, route]) => mayShop(route) && !ofOthers.test(name))
    .map(([name]) => name);
  assert.ok(names.length > 120, "the routes were read");
  assert.deepEqual(
    names.filter((name) => !Object.hasOwn(ruleOfCall, name)),
    [],
    "say in src/edge/roles/by-call.ts which of a shop's people may make it",
  );
});

test("each line has its call or page", () => {
  assert.deepEqual(
    Object.keys(ruleOfCall).filter((name) => !routes.has(name)),
    [],
  );
});

test("what changes something and is read by no owner alone stands in the record, or makes a call that does", () => {
  const without = Object.entries(ruleOfCall).flatMap(([name, { act }]) => {
    const route = routes.get(name);
    const changes = !name.startsWith("GET ") && act === undefined;
    return changes && route !== undefined && mayShop(route) ? [name] : [];
  });
  const own = / \/(v1\/)?(sessions|passkeys|proofs|password)/;
  const byCall = / \/shop\/(settings|accounts)\//;
  assert.deepEqual(
    without.filter((name) => !own.test(name) && !byCall.test(name)),
    [],
  );
});

test("each role may what the next one may, and the shop itself everything", () => {
  for (const call of Object.keys(ruleOfCall)) {
    const may = shopRoles.map((role) => mayCall({ person: { id: "", role } }, call));
    assert.deepEqual(
      may,
      may.toSorted((one, other) => Number(other) - Number(one)),
      call,
    );
    assert.ok(mayCall({}, call) && may[0], call);
  }
});
