/** The suite that tells institutions from what only looks like one: ours passes. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Finding, tryRules } from "../src/conformance/conformance.ts";
import { createInstitution, seedInstitution } from "../src/institution/institution.ts";
import { freshDatabase } from "./support/cluster.ts";
import { freePort } from "./support/free-port.ts";
import { testKey } from "./support/vault.ts";

const ids = ["00000000-0000-4000-8000-000000004050", "00000000-0000-4000-8000-000000004051"] as const;
const unkept = (findings: readonly Finding[]) =>
  findings.flatMap(({ rule, result, detail }) => (result === "ok" ? [] : [`${rule} ${result}: ${detail}`]));

test("our institution keeps every rule", async () => {
  const { url, schema } = await freshDatabase({ after }, "trading");
  const where = { url, schema, role: "kenshu_app", personalDataKeys: [testKey] };
  const fee = { fixed: 0n, basisPoints: 0, roundTo: "shop" } as const;
  const settings = { approval: "none", currencies: ["JPY", "USD"], fee } as const;
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
    ...{ ...where, settings, peers, publicUrl: at(bankPort) },
    ...{ version: "0", sandbox: true, log: "silent" },
  });
  after(() => institution.close());
  await institution.server.listen({ port: bankPort, host: "127.0.0.1" });
  const grounds = {
    ...ties,
    peer: { ...ties.peer, url: at(peerPort) },
    other: { ...ties.other, url: at(otherPort) },
  };
  const findings = await tryRules({ url: at(bankPort), grounds, clock: Date.now });
  assert.deepEqual(unkept(findings), []);
  assert.ok(findings.length > 100, `${findings.length} rules`);
});
