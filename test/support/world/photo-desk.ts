/** A running institution at which photos of goods are brought and looked at. */
import assert from "node:assert/strict";
import { type Headers, type Json, request } from "../wire/http.ts";
import { photo } from "../wire/pictures.ts";
import { setStage, type Stage } from "./stage.ts";
import { startWorld } from "./world.ts";

export async function photoDesk(t: { after(release: () => Promise<void>): unknown }) {
  const world = await startWorld(t, { durable: false, sandbox: true });
  const { url } = world;
  const stage = await setStage(world);
  const { buyer, carrier, newTrade, post } = stage;

  /** Another picture each time. */
  let shade = 0;
  async function shot(): Promise<Buffer> {
    shade = (shade + 1) % 250;
    return photo("jpeg", { width: 400 + shade, height: 300, shade });
  }

  const bring = (number: string, who: Headers, image: Buffer, key?: string) =>
    request(
      `${url}/v1/trades/${number}/photos`,
      "POST",
      key === undefined ? who : { ...who, "idempotency-key": key },
      { image: image.toString("base64") },
    );

  async function brought(number: string, who: Headers = buyer): Promise<string> {
    const reply = await bring(number, who, await shot());
    assert.equal(reply.status, 201, reply.text);
    return String(reply.json["digest"]);
  }

  async function look(number: string, digest: string, who: Headers, query = "") {
    const reply = await fetch(`${url}/v1/trades/${number}/photos/${digest}${query}`, { headers: who });
    return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) };
  }

  const act = (number: string, move: string, who: Headers, body: Json) =>
    request(`${url}/v1/trades/${number}/${move}`, "POST", who, body);

  async function deliveredTrade(): Promise<string> {
    const number = await newTrade();
    await post(`/v1/trades/${number}/deliver`, carrier, {});
    return number;
  }

  async function rejectedWith(count: number): Promise<{ number: string; digests: string[] }> {
    const number = await deliveredTrade();
    const digests: string[] = [];
    while (digests.length < count) digests.push(await brought(number));
    const reply = await act(number, "reject", buyer, { reason: "The lid is cracked", photos: digests });
    assert.equal(reply.status, 200, reply.text);
    return { number, digests };
  }

  async function eventsOf(number: string, who: Headers): Promise<{ type: string; data: Json }[]> {
    return (await request(`${url}/v1/trades/${number}/events`, "GET", who)).json["items"] as never;
  }

  return {
    world,
    stage,
    shot,
    bring,
    brought,
    look,
    act,
    deliveredTrade,
    rejectedWith,
    eventsOf,
    present: () => presentAt(world.url, stage),
  };
}

/** A present that is with its recipient, and what they were given. */
async function presentAt(
  url: string,
  { newTrade, post, carrier, buyer, shop }: Stage,
): Promise<{ number: string; link: string; code: string }> {
  const number = await newTrade({
    acceptance: { by: ["recipient"] },
    recipient: { name: "Aki", address: "Kyoto" },
  });
  await post(`/v1/trades/${number}/deliver`, carrier, {});
  const secret = async (who: Headers) =>
    (await request(`${url}/v1/trades/${number}/recipient-link`, "GET", who)).json;
  return {
    number,
    link: String((await secret(buyer))["link"]),
    code: String((await secret(shop))["code"]),
  };
}
