/** What tests of webhooks stand on: endpoints, messages in a database, and what sends them. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { verifyWebhook } from "@kenshu/sdk";
import {
  type DeliveryRow,
  enqueueWebhooks,
  insertEndpoint,
  listDeliveries,
  messageTo,
} from "../../../src/engines/outbox/outbox.ts";
import { type Database, rawSql, uuidv7 } from "../../../src/storage/database/database.ts";
import type { Box } from "../../../src/storage/keyring/keyring.ts";
import { makeSecret, secretText } from "../../../src/edge/webhooks/signature.ts";
import { createWebhooks, type WebhooksOptions } from "../../../src/edge/webhooks/webhooks.ts";
import type { Received, Receiver } from "../wire/receiver.ts";
import { freshDatabase } from "./cluster.ts";
import { webhookBox } from "./vault.ts";
import { until } from "./world.ts";

export interface Bench {
  database: Database;
  box: Box;
  owner: string;
  /** What is done at the end, the last first. */
  endings: (() => Promise<void>)[];
  endpoint(url: string, perRequest?: number): Promise<{ id: string; secret: Buffer }>;
  /** Writes messages, committed. */
  tell(endpoint: string, count?: number): Promise<void>;
  rows(endpoint: string): Promise<DeliveryRow[]>;
  settled(endpoint: string, count: number): Promise<DeliveryRow[]>;
  /** Moves the sandbox's clock. */
  later(seconds: number): Promise<void>;
}

/** A database with what sends webhooks from it. */
export async function makeBench(t: TestContext): Promise<Bench> {
  const endings: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const end of endings.reverse()) await end();
  });
  const { database } = await freshDatabase({ after: (end) => endings.push(end) }, "trading");
  const box = await webhookBox(database);
  const owner = uuidv7();
  const rows = (endpoint: string): Promise<DeliveryRow[]> =>
    listDeliveries(database, owner, { endpoint, limit: 1000, after: undefined });
  return {
    database,
    box,
    owner,
    endings,
    endpoint: async (url, perRequest = 1) => {
      const id = uuidv7();
      const secret = makeSecret();
      await insertEndpoint(database, {
        id,
        ownerKind: "shop",
        owner,
        url,
        types: ["*"],
        perRequest,
        sealed: box.seal(id, secret),
      });
      return { id, secret };
    },
    tell: async (endpoint, count = 1) => {
      const messages = Array.from({ length: count }, () =>
        messageTo(endpoint, "trade.settled", new Date(), { number: "48210733951146" }, 48210733951146n),
      );
      await enqueueWebhooks(database, messages);
    },
    rows,
    settled: async (endpoint, count) => {
      const ended = async () => (await rows(endpoint)).filter(({ state }) => state !== "waiting");
      await until(`${count} have ended`, async () => (await ended()).length === count);
      return ended();
    },
    later: async (seconds) => {
      const ahead = rawSql("update test_clock set ahead = ahead + make_interval(secs => $1)", [seconds]);
      await database.execute(ahead);
    },
  };
}

/** Begins to send to these receivers. */
export function start(
  { database, box, endings }: Bench,
  receivers: Receiver[],
  more: Partial<WebhooksOptions> = {},
): ReturnType<typeof createWebhooks> {
  const webhooks = createWebhooks({
    database,
    box,
    mayReach: receivers.map(({ place }) => place),
    loopback: false,
    onError: (error) => assert.fail(String(error)),
    pollEveryMs: 10,
    ...more,
  });
  endings.push(() => webhooks.close());
  return webhooks;
}

/** Whether what was received was signed by this secret. */
export const verified = async (one: Received | undefined, secret: Buffer): Promise<boolean> => {
  const { headers = {}, body = "" } = one ?? {};
  const secrets = secretText(secret);
  return (await verifyWebhook({ secrets, headers, body, now: new Date() })).verified;
};
