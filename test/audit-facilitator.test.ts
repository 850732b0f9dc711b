/** `kenshu audit` of a facilitator, whose money is at institutions. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { rawSql } from "../src/storage/database/database.ts";
import { program } from "../src/tools/cli/paths.ts";
import { bearer, type Json, request } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";

const { facilitator, admin, places } = await openPair({ after });
const [shop] = facilitator.demo.shops;
const [hana] = facilitator.demo.members;
if (!shop || !hana) throw new Error("No demo.");

const post = async (path: string, body: Json): Promise<Json> => {
  const reply = await request(`${facilitator.url}${path}`, "POST", bearer(shop.key), body);
  assert.ok(reply.status < 300, reply.text);
  return reply.json;
};
const reserve = () =>
  post("/v1/trades", {
    buyer: { member: hana.number },
    currency: "JPY",
    amount: 1000,
    acceptance: { by: ["buyer", "shop"], need: 1 },
    approval: { mandate: hana.mandates[shop.key] },
  });

interface Audited {
  code: number;
  stdout: string;
}

async function audited(): Promise<Audited> {
  const { url, schema } = places.facilitator;
  const env = { ...process.env, KENSHU_DATABASE_URL: url };
  return promisify(execFile)(process.execPath, [program, "audit", "--schema", schema], { env }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: unknown) => error as Audited,
  );
}

test("finds nothing where all is well, and what is wrong where it is not", async () => {
  const open = await reserve();
  const settled = `/v1/trades/${String((await reserve())["number"])}`;
  await post(`${settled}/accept`, {});
  await post(`${settled}/refund`, { amount: 300, reason: "one was broken" });
  await post(`/v1/trades/${String((await reserve())["number"])}/cancel`, {});
  const sound = await audited();
  assert.match(sound.stdout, /^The books agree\.$/m);
  assert.equal(sound.code, 0, sound.stdout);

  const number = open["number"];
  const waitsFor = (instruction: string | null) =>
    admin.facilitator.execute(
      rawSql("update trades set pending = json_build_object('instruction', $2::uuid) where number = $1", [
        String(number),
        instruction,
      ]),
    );
  await waitsFor("00000000-0000-4000-8000-000000000009");
  const wrong = await audited();
  assert.match(
    wrong.stdout,
    new RegExp(`^trade ${String(number)}: instruction is 0+-.*, the journal says null$`, "m"),
  );
  assert.equal(wrong.code, 1);
  await waitsFor(null);
  assert.match((await audited()).stdout, /^The books agree\.$/m);
});
