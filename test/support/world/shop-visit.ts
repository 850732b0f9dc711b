/** A shop on a database of its own with a scripted institution, and a visitor with cookies, for tests. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type Database, rawSql } from "../../../src/storage/database/database.ts";
import { closeGracefully, type Server } from "../../../src/edge/http/http.ts";
import { seedShop } from "../../../src/servers/shop-orders/shop-orders.ts";
import type { Pace } from "../../../src/servers/shop-orders/tills.ts";
import type { Watcher } from "../../../src/servers/shop-orders/watcher.ts";
import { createShop } from "../../../src/servers/shop/shop-server.ts";
import { type FreshDatabase, freshDatabase } from "./cluster.ts";
import { testKey } from "./vault.ts";
import { type FakeInstitution, fakeInstitution } from "./fake-institution.ts";

export const staffPassword = "paper-crane-42";

export interface Answer {
  status: number;
  location: string;
  page: string;
  headers: Record<string, unknown>;
}

export type Fields = Record<string, string>;

/** A browser in so far as it keeps cookies and sends forms. */
export class Visitor {
  readonly #server: Server;
  readonly #cookies = new Map<string, string>();
  readonly #language: string | undefined;

  /** With `language`, that is what the browser asks for. */
  constructor(server: Server, language?: string) {
    this.#server = server;
    this.#language = language;
  }

  async #ask(method: "GET" | "POST", url: string, body?: string): Promise<Answer> {
    const answer = await this.#server.inject({
      method,
      url,
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(this.#language === undefined ? {} : { "accept-language": this.#language }),
        ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    for (const { name, value } of answer.cookies) this.#cookies.set(name, value);
    const location = String(answer.headers["location"] ?? "");
    return { status: answer.statusCode, location, page: answer.body, headers: answer.headers };
  }

  async get(url: string): Promise<Answer> {
    return this.#ask("GET", url);
  }

  async post(url: string, fields: Fields): Promise<Answer> {
    return this.#ask("POST", url, new URLSearchParams(fields).toString());
  }

  /** What stands in a form of a page without being shown, by the form's address. */
  static hidden(page: string, action: string): Fields {
    const unescaped = (text: string) =>
      text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    const form = page.split("<form").find((part) => part.includes(`action="${action}"`)) ?? "";
    const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    assert.ok(fields.length > 0, `the page has a form for ${action}`);
    return Object.fromEntries(fields.map(([, name = "", value = ""]) => [name, unescaped(value)]));
  }

  /** Loads a page and sends one of its forms; where it is asked once more before money moves, says yes. */
  async press(url: string, action: string, fields: Fields = {}): Promise<Answer> {
    const { page } = await this.get(url);
    const answer = await this.post(action, { ...Visitor.hidden(page, action), ...fields });
    if (!answer.page.includes('id="ask-form"')) return answer;
    return this.post(action, Visitor.hidden(answer.page, action));
  }

  /** Puts three bowls into the cart and orders them; answers where the shop leads on, and the order's page. */
  async order(fields: Fields = {}): Promise<Answer & { orderPage: string }> {
    await this.post("/cart/add", { product: "lacquer-bowl", quantity: "3" });
    const answer = await this.press("/checkout", "/orders", { ...aoi, ...fields });
    const { page } = await this.get("/orders");
    return { ...answer, orderPage: /href="(\/orders\/[A-Za-z0-9_-]{43})"/.exec(page)?.[1] ?? "" };
  }
}

export const aoi: Fields = {
  name: "Aoi Tanaka",
  address: "1-2-3 Kanda, Tokyo",
  email: "aoi@example.jp",
  phone: "",
  receiver: "me",
};

export interface OpenShop {
  institution: FakeInstitution;
  database: Database;
  fresh: FreshDatabase;
  server: Server;
  watcher: Watcher;
  /** Another process of the same shop. */
  another: (
    database?: Database,
    pace?: Partial<Pace>,
    logKeys?: string[],
  ) => Promise<{ server: Server; watcher: Watcher }>;
  /** Lets all leases and pauses run out. */
  later: () => Promise<void>;
  staff: () => Promise<Visitor>;
}

/** With `second`, customers can pay at that institution, too. */
export async function openShop(t: TestContext, second?: FakeInstitution): Promise<OpenShop> {
  const institution = await fakeInstitution(t);
  const key = "ks_test";
  const tills = [{ id: "direct", label: "Directly", url: institution.url, key }];
  if (second !== undefined) tills.push({ id: "helped", label: "Helped <b>", url: second.url, key });
  const fresh = await freshDatabase(t, "shop");
  await seedShop(fresh.database);
  const another: OpenShop["another"] = async (database = fresh.database, pace = {}, logKeys) => {
    const shop = await createShop({
      database,
      tills: logKeys === undefined ? tills : tills.map((till) => ({ ...till, logKeys })),
      shopName: "Kanda Goods",
      publicUrl: "http://127.0.0.1",
      staffPassword,
      personalDataKeys: [testKey],
      log: "silent",
      pace,
    });
    t.after(async () => {
      await shop.watcher.stop();
      await closeGracefully(shop.server, { timeoutMs: 1000 });
    });
    return shop;
  };
  const { server, watcher } = await another();
  const later = async (): Promise<void> => {
    await fresh.database.execute(rawSql("update outgoing set send_at = clock_timestamp()"));
    await fresh.database.execute(
      rawSql("update orders set check_at = clock_timestamp(), asked_at = null where check_at is not null"),
    );
  };
  const staff = async (): Promise<Visitor> => {
    const visitor = new Visitor(server);
    assert.equal((await visitor.post("/staff/sign-in", { password: staffPassword })).location, "/staff");
    return visitor;
  };
  return { institution, database: fresh.database, fresh, server, watcher, another, later, staff };
}

/** The number of the one order in the shop. */
export async function onlyOrder(database: Database): Promise<string> {
  const rows = await database.query<{ number: string }>(rawSql("select number from orders"));
  assert.equal(rows.length, 1);
  return rows[0]?.number ?? "";
}
