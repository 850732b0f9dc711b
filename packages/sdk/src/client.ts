/** The calls that every trading server has, by their names. */
import type { Kenshu, KenshuOptions } from "./kenshu.ts";
import { partyCalls } from "./parties.ts";
import {
  Client,
  readAccount,
  readLog,
  readMandate,
  readMember,
  readMethod,
  readReceipt,
  segment,
} from "./sending.ts";
import type { EntryView } from "./wire-members.ts";
import type { FedEventView, TradeEventView, TradeView } from "./wire-trades.ts";

function membersOf(client: Client): Kenshu["members"] {
  const at = (number: string, rest = ""): string => `/v1/members/${segment(number)}${rest}`;
  return {
    apply: async (application, options) =>
      client.change(
        { path: "/v1/members", body: application, read: readMember, named: (member) => ({ member }) },
        options,
      ),
    get: async (number) =>
      client.read({ path: at(number), read: readMember, named: (member) => ({ member }) }),
    addMethod: async (number, method, options) =>
      client.change(
        {
          path: at(number, "/methods"),
          body: method,
          read: readMethod,
          named: (added) => ({ method: added }),
        },
        options,
      ),
    addMandate: async (number, terms, options) =>
      client.change(
        { path: at(number, "/mandates"), body: terms, read: readMandate, named: (mandate) => ({ mandate }) },
        options,
      ),
  };
}

/** Makes a client of one server. Nothing is sent before the first call. */
export function kenshu(options: KenshuOptions): Kenshu {
  const client = new Client(options);
  return {
    propose: async (trade, callOptions) =>
      client.changeTrade({ path: "/v1/trades", body: trade }, callOptions),
    approve: client.move("approve"),
    revise: client.move("revise"),
    ship: client.move("ship"),
    deliver: client.move("deliver"),
    accept: client.move("accept"),
    reject: client.move("reject"),
    sendBack: client.move("send-back"),
    return: client.move("return"),
    withdraw: client.move("withdraw"),
    dispute: client.move("dispute"),
    answer: client.move("answer"),
    offer: client.move("offer"),
    acceptOffer: client.move("offer/accept"),
    resolve: client.move("resolve"),
    cancel: client.move("cancel"),
    extend: client.move("extend"),
    refund: client.move("refund"),
    atDoor: client.move("at-door"),
    advance: client.move("advance"),
    get: async (number, { signal } = {}) => client.trade(number, signal),
    page: async (pageOptions) => client.page<TradeView>("/v1/trades", pageOptions),
    list: (pageOptions) => client.all<TradeView>("/v1/trades", pageOptions),
    events: (number, pageOptions) =>
      client.all<TradeEventView>(`/v1/trades/${segment(number)}/events`, pageOptions),
    feed: (pageOptions) => client.all<FedEventView>("/v1/events", pageOptions),
    receipt: async (number, { event, signal } = {}) => {
      const query = event === undefined ? "" : `?event=${event}`;
      const path = `/v1/trades/${segment(number)}/receipt${query}`;
      return client.read({ path, read: readReceipt, named: (receipt) => ({ receipt }) }, signal);
    },
    log: async ({ since = 0, signal } = {}) =>
      client.read({ path: `/v1/log?since=${since}`, read: readLog, named: (state) => ({ state }) }, signal),
    batch: async (commands, batchOptions) => client.batch(commands, batchOptions),
    ...partyCalls(client),
    members: membersOf(client),
    accounts: {
      get: async (id) =>
        client.read({
          path: `/v1/accounts/${segment(id)}`,
          read: readAccount,
          named: (account) => ({ account }),
        }),
      entries: (id, pageOptions) => client.all<EntryView>(`/v1/accounts/${segment(id)}/entries`, pageOptions),
    },
  };
}
