/** The suite that tells institutions from what only looks like one: ours passes, each wrong one is caught. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { type RuleResult, rules, tryRules } from "../src/tools/conformance/conformance.ts";
import { createInstitution } from "../src/servers/institution/institution.ts";
import { seedInstitution } from "../src/tools/demo/demo.ts";
import { advanceClock, openDatabase } from "../src/storage/database/database.ts";
import { freshDatabase } from "./support/world/cluster.ts";
import { freePort } from "./support/world/free-port.ts";
import { readDocument } from "./support/tables/markdown.ts";
import { twoOperators } from "./support/world/operators.ts";
import { testKey } from "./support/world/vault.ts";
import { type Fault, faults } from "./support/wire/wrong-faults.ts";
import { startWrong } from "./support/wire/wrong-institution.ts";

const ids = ["00000000-0000-4000-8000-000000004050", "00000000-0000-4000-8000-000000004051"] as const;
const unkept = (findings: readonly RuleResult[]) =>
  findings.flatMap(({ rule, result, detail }) => (result === "ok" ? [] : [`${rule} ${result}: ${detail}`]));

test("our institution keeps every rule", async () => {
  const { url, schema } = await freshDatabase({ after }, "trading");
  const where = { url, schema, role: "kenshu_app", personalDataKeys: [testKey] };
  const fee = { fixed: 0n, basisPoints: 0, roundTo: "shop" } as const;
  const settings = { approval: "none", currencies: ["JPY", "USD"], fee, ...twoOperators } as const;
  const [bankPort, peerPort, otherPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const demo = await seedInstitution({ ...where, settings, testers: ids, loadMembers: 1 });
  const ties = demo?.testTies;
  assert.ok(ties);
  const peers = [
    { id: ids[0], name: "Tester", url: at(peerPort) },
    { id: ids[1], name: "Another tester", url: at(otherPort) },
  ];
  const institution = await createInstitution({
    ...where,
    settings,
    peers,
    publicUrl: at(bankPort),
    version: "0",
    sandbox: true,
    log: "silent",
  });
  after(() => institution.close());
  await institution.server.listen({ port: bankPort, host: "127.0.0.1" });
  const config = {
    ...ties,
    peer: { ...ties.peer, url: at(peerPort) },
    other: { ...ties.other, url: at(otherPort) },
  };
  const findings = await tryRules({ url: at(bankPort), config, clock: Date.now });
  assert.deepEqual(unkept(findings), []);
  assert.ok(findings.length > 100, `${findings.length} rules`);

  const clock = openDatabase({ url, schema });
  after(() => clock.close());
  await advanceClock(clock, 2 * 86_400_000);
  const tried: RuleResult[] = [];
  await assert.rejects(
    tryRules({
      url: at(bankPort),
      config,
      clock: Date.now,
      onFinding: (finding) => void tried.push(finding),
    }),
    /clock is ahead/,
    "after its clock was moved it is not tried",
  );
  assert.deepEqual(tried, []);
});

test("so does a small one in memory, written after the document", async (t) => {
  const findings = await tryRules({ ...(await startWrong(t)), clock: Date.now });
  assert.deepEqual(unkept(findings), []);
  assert.equal(findings.length, rules.length);
});

describe("a wrong one is caught", { concurrency: 8 }, () => {
  for (const [fault, [rule, ...before]] of Object.entries(faults) as [Fault, readonly string[]][]) {
    test(`${rule} finds that ${fault}`, async (t) => {
      const only = [rule ?? "", ...before];
      const findings = await tryRules({ ...(await startWrong(t, fault)), clock: Date.now, only });
      const found = findings.find((finding) => finding.rule === rule);
      assert.equal(found?.result, "FAILED");
      assert.match(found.detail, /expected .+ saw[ :]/s);
    });
  }
});

test("each rule stands under a heading of the document, and has a name of its own", () => {
  const headings = [...readDocument("between-parties.md").matchAll(/^#+ (.+)$/gm)].map(([, text]) => text);
  const sections = new Set(rules.map(({ section }) => section));
  assert.deepEqual(
    [...sections].filter((section) => !headings.includes(section)),
    [],
  );
  assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
});
