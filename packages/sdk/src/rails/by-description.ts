/**
 * Calls as servers describe them: a call is named by its method and path, and what it takes and answers is known from there, to
 * the compiler. Nothing of it is written twice.
 */
import {
  type Answer,
  type CallOptions,
  type Client,
  type FileView,
  isNothing,
  isRecord,
  type Outcome,
  type PageOptions,
  pathWith,
  reader,
  segment,
} from "../calling/calling.ts";
import type {
  AccountsDescribed,
  ArrivalsDescribed,
  BillsDescribed,
  CreditDescribed,
  FundingsDescribed,
  LendingDescribed,
  PayoutsDescribed,
} from "../described/described.ts";

type Described = AccountsDescribed &
  ArrivalsDescribed &
  BillsDescribed &
  CreditDescribed &
  FundingsDescribed &
  LendingDescribed &
  PayoutsDescribed;

/** The calls that are described with such a part. */
type With<Part> = { [Name in keyof Described]: Described[Name] extends Part ? Name : never }[keyof Described];
type AnswerOf<Name extends keyof Described> = Described[Name] extends { answer: infer View } ? View : never;
type ItemOf<Name extends keyof Described> = Described[Name] extends { item: infer View } ? View : never;
type QueryOf<Name extends keyof Described> = Described[Name] extends { query: infer Query } ? Query : object;

/** What stands in the path: an id or a number for each place. */
type Places<Path> = Path extends `${string}{${string}}${infer Rest}` ? [which: string, ...Places<Rest>] : [];
type Sent<Name extends keyof Described> = Described[Name] extends { body: infer Body }
  ? [body: Body]
  : Described[Name] extends { wish: infer Wish }
    ? [wish?: Wish]
    : [];
type Named<As extends string, View> = { [Name in As]: View };
/** A field that is always a text, by which a view is told from garbage. */
type Mark<View> = { [Field in keyof View]-?: View[Field] extends string ? Field : never }[keyof View] &
  string;

export interface Reading {
  signal?: AbortSignal;
}

function partsOf(name: string): { method: "POST" | "PUT" | "DELETE"; path: string; places: number } {
  const [method = "", path = ""] = name.split(" ");
  return { method: method as "POST" | "PUT" | "DELETE", path, places: path.split("{").length - 1 };
}

/** The path with its places filled in. */
function filled(path: string, ids: readonly string[]): string {
  let next = 0;
  return path.replaceAll(/\{\w+\}/g, () => segment(ids[next++] ?? ""));
}

/** Ids and numbers first, then whatever else a call is given. */
function split(given: readonly unknown[], places: number): { ids: string[]; rest: readonly unknown[] } {
  return { ids: given.slice(0, places) as string[], rest: given.slice(places) };
}

const nothing = (): object => ({});

function readFile(reply: unknown): FileView | undefined {
  return isRecord(reply) && reply["bytes"] instanceof Uint8Array ? (reply as unknown as FileView) : undefined;
}

export type ByDescription = ReturnType<typeof byDescription>;

export function byDescription(client: Client) {
  return { ...changesOf(client), ...readsOf(client) };
}

/** What a call sends: the body where it takes one, else nothing but the key. */
function sent(name: string, given: readonly unknown[], isBare: boolean) {
  const { method, path, places } = partsOf(name);
  const { ids, rest } = split(given, places);
  const [body, options] = (isBare ? [{}, rest[0]] : [rest[0] ?? {}, rest[1]]) as [object, CallOptions?];
  const request = { method, path: filled(path, ids) };
  return { request: method === "DELETE" ? request : { ...request, body }, options };
}

/** What a call asks for. */
function asked(name: string, given: readonly unknown[]) {
  const { path, places } = partsOf(name);
  const { ids, rest } = split(given, places);
  const { signal, ...query } = (rest[0] ?? {}) as Reading;
  return { path: filled(path, ids), query, signal };
}

function changesOf(client: Client) {
  return {
    /** A call that changes something and answers with a view, which is handed over as `as`. */
    change:
      <Name extends With<{ answer: object }>, As extends string>(
        name: Name,
        as: As,
        mark: Mark<AnswerOf<Name>>,
      ) =>
      async (
        ...given: [...Places<Name>, ...Sent<Name>, options?: CallOptions]
      ): Promise<Outcome<Named<As, AnswerOf<Name>>>> => {
        const { request, options } = sent(name, given, false);
        return client.change(
          { ...request, read: reader(mark), named: namedAs<As, AnswerOf<Name>>(as) },
          options,
        );
      },
    /** The same, where nothing is sent but the key. */
    act:
      <Name extends With<{ answer: object }>, As extends string>(
        name: Name,
        as: As,
        mark: Mark<AnswerOf<Name>>,
      ) =>
      async (
        ...given: [...Places<Name>, options?: CallOptions]
      ): Promise<Outcome<Named<As, AnswerOf<Name>>>> => {
        const { request, options } = sent(name, given, true);
        return client.change(
          { ...request, read: reader(mark), named: namedAs<As, AnswerOf<Name>>(as) },
          options,
        );
      },
    /** A call that takes something away, and answers with nothing. */
    remove:
      <Name extends With<{ nothing: true }>>(name: Name) =>
      async (...given: [...Places<Name>, options?: CallOptions]): Promise<Outcome<object>> => {
        const { request, options } = sent(name, given, true);
        return client.change({ ...request, read: isNothing, named: nothing }, options);
      },
  };
}

function readsOf(client: Client) {
  return {
    read:
      <Name extends With<{ answer: object }>, As extends string>(
        name: Name,
        as: As,
        mark: Mark<AnswerOf<Name>>,
      ) =>
      async (
        ...given: [...Places<Name>, options?: QueryOf<Name> & Reading]
      ): Promise<Answer<Named<As, AnswerOf<Name>>>> => {
        const { path, query, signal } = asked(name, given);
        const read = reader<AnswerOf<Name>>(mark);
        return client.read(
          { path: pathWith(path, query), read, named: namedAs<As, AnswerOf<Name>>(as) },
          signal,
        );
      },
    /** A file, byte for byte. */
    file:
      <Name extends With<{ file: true }>>(name: Name) =>
      async (
        ...given: [...Places<Name>, options?: QueryOf<Name> & Reading]
      ): Promise<Answer<{ file: FileView }>> => {
        const { path, query, signal } = asked(name, given);
        const named = (file: FileView) => ({ file });
        return client.read({ path: pathWith(path, query), read: readFile, named, file: true }, signal);
      },
    /** All that is listed, page by page. Throws `ReadFailure`. */
    list:
      <Name extends With<{ item: unknown }>>(name: Name) =>
      (
        ...given: [...Places<Name>, options?: QueryOf<Name> & PageOptions]
      ): AsyncGenerator<ItemOf<Name>, void> => {
        const { path, query } = asked(name, given);
        return client.all<ItemOf<Name>>(path, query);
      },
  };
}

function namedAs<As extends string, View>(as: As): (view: View) => Named<As, View> {
  return (view) => ({ [as]: view }) as Named<As, View>;
}
