/** A world in which money leaves for banks: what its tests call, and files that are at the bank. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { isBankDay } from "../../../src/core/bankfiles/bankfiles.ts";
import { type Headers, type Json, type Reply, request, signIn } from "../wire/http.ts";
import { setStage } from "./stage.ts";
import { startWorld } from "./world.ts";

export interface Filed {
  id: string;
  at: string;
  number: string;
  payouts: string[];
}

/** Yamada Hana's account at a bank. */
export const bank = {
  bank: "0001",
  branch: "001",
  kind: "ordinary",
  number: "0123456",
  holder: "ヤマダ ハナ",
} as const;

function callsOf(url: string, admin: Headers) {
  const call = (method: string, path: string, who: Headers, body?: object): Promise<Reply> =>
    request(`${url}${path}`, method, who, body);
  const get = async (path: string, who: Headers = admin): Promise<Json> => {
    const reply = await call("GET", path, who);
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
  };
  /** Without the second operator, whom `request` would ask. */
  async function alone(path: string, who: Headers, body: object): Promise<Json> {
    const headers = { ...who, "content-type": "application/json" };
    const reply = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return (await reply.json()) as Json;
  }
  const report = (text: string | Buffer, who = admin) =>
    call("POST", "/v1/payout-reports", who, { content: Buffer.from(text).toString("base64") });
  return { call, get, alone, report };
}

export async function openPayouts(t: { after(release: () => Promise<void>): unknown }) {
  const world = await startWorld(t, { durable: false, sandbox: true });
  const { url, demo } = world;
  const stage = await setStage(world);
  const { admin, post, ids } = stage;
  const [[hana], [, other]] = [demo.members, demo.operators];
  assert.ok(hana && other);
  const asHana = await signIn(url, hana);
  const second = await signIn(url, other);
  const { call, get, alone, report } = callsOf(url, admin);
  const advance = (by: string) => post("/v1/test-clock/advance", admin, { by });
  const balance = async (account: string): Promise<number> =>
    Number((await get(`/v1/accounts/${account}`))["posted"]);
  const ask = (account: string, amount: number, who: Headers, id: string = randomUUID()) =>
    call("POST", `/v1/accounts/${account}/payouts`, who, { id, amount, currency: "JPY" });

  /** Names the account at a bank, and waits until it can be used. */
  async function named(account: string, who: Headers, password: string): Promise<void> {
    const reply = await call("PUT", `/v1/accounts/${account}/bank-account`, who, { ...bank, password });
    assert.equal(reply.status, 200, reply.text);
    await advance("P4D");
  }

  /** A day on which banks are open, some ahead of the server's clock. */
  async function payOn(): Promise<string> {
    const now = Date.parse(String((await get("/v1/test-clock"))["now"]));
    const ahead = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const day = ahead
      .map((count) => new Date(now + count * 86_400_000).toISOString().slice(0, 10))
      .find(isBankDay);
    assert.ok(day);
    return day;
  }

  /** Payouts of Hana's of these amounts in a file that is at the bank. */
  async function sent(...amounts: readonly number[]): Promise<Filed> {
    const payouts: string[] = [];
    for (const amount of amounts) {
      const id = randomUUID();
      assert.equal((await ask(ids.account, amount, asHana, id)).status, 201);
      payouts.push(id);
    }
    const made = await post("/v1/payout-files", admin, { payOn: await payOn() });
    const at = `/v1/payout-files/${String(made["id"])}`;
    await post(`${at}/approve`, admin, { digest: made["digest"] });
    assert.equal((await fetch(`${url}${at}/content`, { headers: admin })).status, 200);
    return { id: String(made["id"]), at, number: String(made["number"]), payouts };
  }

  return {
    world,
    url,
    admin,
    second,
    hana,
    asHana,
    ids,
    post,
    call,
    get,
    advance,
    balance,
    ask,
    alone,
    named,
    payOn,
    sent,
    report,
  };
}
