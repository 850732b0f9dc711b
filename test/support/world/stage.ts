/** The people of a demo world with their credentials, and the things that belong to them. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { bearer, type Headers, type Json, request, signIn } from "../wire/http.ts";
import type { Place } from "./access-place.ts";

export interface Stage {
  shop: Headers;
  otherShop: Headers;
  admin: Headers;
  operator: Headers;
  buyer: Headers;
  otherMember: Headers;
  carrier: Headers;
  ids: {
    shop: string;
    otherShop: string;
    carrier: string;
    member: string;
    otherMember: string;
    method: string;
    account: string;
    mandate: string;
  };
  /** Makes a reserved trade of shop, buyer and carrier: three of one thing, two of another. Answers its number. */
  newTrade: (change?: Json) => Promise<string>;
  /** A POST that has to succeed. */
  post: (path: string, who: Headers, body: Json) => Promise<Json>;
}

const tradeLines = [
  { name: "Tea set", quantity: 3, unitAmount: 120 },
  { name: "Kettle", quantity: 2, unitAmount: 90 },
] as const;
export const tradeAmount = 540;

export async function setStage({ url, demo }: Pick<Place, "url" | "demo">): Promise<Stage> {
  const [shop, otherShop] = demo.shops;
  const [hana, , yui] = demo.members;
  const [operator] = demo.operators;
  const [carrier] = demo.carriers;
  assert.ok(shop && otherShop && hana && yui && operator && carrier);
  const post = async (path: string, who: Headers, body: Json): Promise<Json> => {
    const reply = await request(`${url}${path}`, "POST", who, body);
    assert.ok(reply.status < 300, `POST ${path}: ${reply.status} ${reply.text}`);
    return reply.json;
  };
  const admin = bearer(demo.adminKey);
  const { json } = await request(`${url}/v1/members/${hana.number}?reason=accounts`, "GET", admin);
  const [method] = json["methods"] as { id: string; account: string }[];
  const mandate = hana.mandates[shop.key] ?? "";
  const newTrade = async (change: Json = {}): Promise<string> => {
    const trade = await post("/v1/trades", bearer(shop.key), {
      buyer: { member: hana.number },
      currency: "JPY",
      amount: tradeAmount,
      lines: tradeLines,
      approval: { mandate },
      acceptance: { by: ["buyer", "carrier", "shop"], need: 1 },
      carrier: carrier.id,
      recipient: { name: "Aki Sato", address: "2-2 Kyoto", contact: { phone: "075-000-0000" } },
      reference: randomUUID(),
      ...change,
    });
    return String(trade["number"]);
  };
  return {
    admin,
    newTrade,
    post,
    shop: bearer(shop.key),
    otherShop: bearer(otherShop.key),
    operator: await signIn(url, operator),
    buyer: await signIn(url, hana),
    otherMember: await signIn(url, yui),
    carrier: await signIn(url, carrier),
    ids: {
      shop: shop.id,
      otherShop: otherShop.id,
      carrier: carrier.id,
      member: hana.number,
      otherMember: yui.number,
      method: method?.id ?? "",
      account: method?.account ?? "",
      mandate,
    },
  };
}
