/** An institution with members and shops, and two servers that know it: what consents are tried with. */
import assert from "node:assert/strict";
import { createInstitution } from "../../../src/servers/institution/institution.ts";
import { seedInstitution } from "../../../src/tools/demo/demo.ts";
import { request, signIn } from "../wire/http.ts";
import { prepare, startParty } from "../wire/signed-pair.ts";
import { inDays } from "./consents.ts";
import { oneOperator } from "./operators.ts";
import { Browser } from "./pages-server.ts";
import { testKey } from "./vault.ts";

const ids = {
  bank: "00000000-0000-4000-8000-000000004030",
  peer: "00000000-0000-4000-8000-000000004020",
  other: "00000000-0000-4000-8000-000000004021",
};

export async function openConsenting(
  t: { after(release: () => Promise<void>): unknown },
  { stepUpAbove = {} }: { stepUpAbove?: Record<string, bigint> } = {},
) {
  const [bank, own, others] = await Promise.all([ids.bank, ids.peer, ids.other].map((id) => prepare(t, id)));
  if (!bank || !own || !others) throw new Error("Three servers were to be prepared.");
  const { url: databaseUrl, schema } = bank.database;
  const where = { url: databaseUrl, schema, role: "kenshu_app", personalDataKeys: [testKey] };
  const fee = { fixed: 0n, basisPoints: 0, roundTo: "shop" } as const;
  const currencies = ["JPY", "USD"];
  const settings = { approval: "none", currencies, fee, stepUpAbove, ...oneOperator } as const;
  const facilitator = { id: ids.peer, name: "Some <b>facilitator", url: own.man.url };
  const known = [facilitator, { id: ids.other, name: "Another", url: others.man.url }];
  const demo = await seedInstitution({ ...where, settings, peer: facilitator, loadMembers: 2 });
  const institution = await createInstitution({
    ...where,
    settings,
    peers: known,
    publicUrl: bank.man.url,
    version: "0",
    sandbox: true,
    log: "silent",
  });
  t.after(() => institution.close());
  bank.man.target = await institution.server.listen({ port: 0, host: "127.0.0.1" });
  const place = [{ id: ids.bank, name: "Bank", url: bank.man.url }];
  const { client: peer, signer } = await startParty(t, own, place, () => {});
  const other = (await startParty(t, others, place, () => {})).client;
  const [rich, poor] = demo?.members ?? [];
  const [shop] = demo?.shops ?? [];
  const ties = demo?.ties;
  if (!demo || !rich || !poor || !shop || !ties) throw new Error("The demo is not whole.");

  const at = (path: string): string => `${bank.man.url}${path}`;
  const asRich = await signIn(bank.man.url, rich);
  const method = rich.methods[0]?.id;
  const until = inDays(60);
  const wish = { peer: ids.peer, method, until, limitPerTrade: 3000, limitPerMonth: 5000 };

  const take = async (from: typeof peer, path: string, body: object) => {
    const answer = await from.call(ids.bank, "POST", path, body);
    return { status: answer.status, body: answer.body ?? {} };
  };

  async function given(more: object = {}, who = asRich): Promise<{ id: string; code: string }> {
    const { status, json, text } = await request(at("/v1/consents"), "POST", who, { ...wish, ...more });
    assert.equal(status, 201, text);
    return { id: String(json["id"]), code: String(json["code"]) };
  }

  async function signInPage(who: { email: string; password: string }): Promise<Browser> {
    const browser = new Browser(institution.server);
    const { status } = await browser.send("/signin", "sign-in", { email: who.email, password: who.password });
    assert.equal(status, 303);
    return browser;
  }

  const opened = () => signInPage(rich);

  const receive = ties.shops[0]?.receive["JPY"];
  const servers = { ids, bank, own, facilitator, demo, institution, peer, other, rich, poor, shop, ties };
  const doing = { at, asRich, method, until, wish, take, given, receive, signInPage, opened, signer };
  return { ...servers, ...doing };
}
