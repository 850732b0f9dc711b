import type { CollectionInstruction, CollectionView } from "../../core/protocol/schemas.ts";
import { type Client, type Database, pageOf, snapshot } from "../../storage/database/database.ts";
import { type BatchCounts, digestOf, openLine, technicalOutcome } from "../engine/engine.ts";
import { type Answer, type CollectionOutcome, decideBatch, type PaymentOutcome } from "./batch.ts";
import {
  type Due,
  type DueTotal,
  numbersOf,
  readDues,
  readPayments,
  sumDues,
  unheardNumbers,
} from "./store.ts";
import { viewOf } from "./view.ts";
import type { CollectionHouse, PaymentWish, Request, ReturnWish, Taker } from "./world.ts";

export interface CollectionsOptions {
  /** Connections whose statements all go by key. */
  database: Database;
  onError: (error: unknown) => void;
  house: CollectionHouse;
}

/** A peer is another server, by its id; the caller has made sure that it is. */
export interface Collections {
  /**
   * Obeys an instruction, or refuses it; the answer is kept, and the same instruction again gets it. A status of 500 or more
   * is no answer: nothing was kept.
   */
  submit(peer: string, instruction: CollectionInstruction): Promise<CollectionOutcome>;
  /** Takes money for a trade number, once for the id that the taker has given it. `key` is that of the call. */
  pay(number: string, taker: Taker, payment: PaymentWish, key: string | undefined): Promise<PaymentOutcome>;
  /** The same in a transaction of the caller's, which has made sure that it is done once. */
  payWithin(client: Client, number: string, taker: Taker, payment: PaymentWish): Promise<PaymentOutcome>;
  /** Returns what is kept, in a transaction of the caller's, which has made sure that it is done once. */
  returnWithin(client: Client, number: string, wish: ReturnWish): Promise<CollectionOutcome>;
  /** What is due under a number; undefined where nothing ever was. `of`: only what this server has said. */
  read(number: string, of?: { peer?: string; collector?: string }): Promise<CollectionView | undefined>;
  /** A server's, newest first, or those whose payments it has not booked, the oldest payment first. */
  list(
    peer: string,
    page: { unheard: boolean; limit: number; after: string | undefined },
  ): Promise<{ items: CollectionView[]; next: string | null }>;
  /** What all collections of a server come to, per currency, on one snapshot. */
  totals(peer: string): Promise<DueTotal[]>;
  /** Requests that wait for a batch. */
  waiting: () => number;
  counts: Readonly<BatchCounts>;
  /** Waits until everything submitted has been answered. */
  close(): Promise<void>;
}

export function createCollections({ database, onError, house }: CollectionsOptions): Collections {
  const line = openLine<Request, Answer>(database, (client, requests) =>
    decideBatch(client, requests, house),
  );
  const asked = async (request: Request): Promise<Answer> => {
    try {
      return await line.submit(request);
    } catch (error) {
      return technicalOutcome(error, onError);
    }
  };
  const within = async (client: Client, request: Request): Promise<Answer> => {
    const { answers, write } = await decideBatch(client, [request], house);
    await Promise.all(write(client));
    const [answer] = answers;
    if (answer === undefined) throw new Error("A request has an outcome.");
    return answer;
  };
  const paying = (
    number: string,
    taker: Taker,
    payment: PaymentWish,
    { key, isHandedBack }: { key?: string | undefined; isHandedBack: boolean },
  ): Request => {
    const digest = digestOf(number, { ...payment, amount: String(payment.amount) }, taker.collector);
    return { do: "pay", number, taker, payment, key, isHandedBack, digest };
  };
  return {
    ...reading(database),
    waiting: line.waiting,
    counts: line.counts,
    close: line.close,
    submit: async (peer, instruction) =>
      (await asked({
        do: "obey",
        peer,
        instruction,
        digest: digestOf("collection", instruction),
      })) as CollectionOutcome,
    pay: async (number, taker, payment, key) =>
      (await asked(paying(number, taker, payment, { key, isHandedBack: true }))) as PaymentOutcome,
    payWithin: async (client, number, taker, payment) =>
      (await within(client, paying(number, taker, payment, { isHandedBack: false }))) as PaymentOutcome,
    returnWithin: async (client, number, wish) =>
      (await within(client, { do: "return", number, wish })) as CollectionOutcome,
  };
}

function reading(database: Database): Pick<Collections, "read" | "list" | "totals"> {
  return {
    read: async (number, { peer, collector } = {}) => {
      const [due] = await readDues(database, [number]);
      if (due === undefined || (peer !== undefined && due.peer !== peer)) return undefined;
      const payments = await readPayments(database, [due.id]);
      return viewOf(
        due,
        collector === undefined ? payments : payments.filter((each) => each.collector === collector),
      );
    },
    list: async (peer, { unheard, limit, after }) => {
      const find = unheard ? unheardNumbers : numbersOf;
      const numbers = await find(database, peer, limit + 1, after);
      const found = new Map((await readDues(database, numbers)).map((due) => [due.tradeNumber, due]));
      const dues: Due[] = numbers.flatMap((number) => found.get(number) ?? []);
      const shown = dues.slice(0, limit).map(({ id }) => id);
      const payments = shown.length === 0 ? [] : await readPayments(database, shown);
      return pageOf(dues, limit, (due) =>
        viewOf(
          due,
          payments.filter(({ collection }) => collection === due.id),
        ),
      );
    },
    totals: (peer) => snapshot(database, (client) => sumDues(client, peer)),
  };
}
