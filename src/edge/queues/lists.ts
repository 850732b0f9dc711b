/** Lists of operators that are described by data: the call that each shows, and what can be done to each thing in it. */
import { type FormName, forms, titleOf } from "../act-forms/act-forms.ts";
import type { ActLink } from "../queue-views/queue-views.ts";
import type { WordKey } from "../words/words.ts";

export interface ListSpec {
  call: `/v1/${string}`;
  /** It answers all at once. */
  whole?: true;
  title: WordKey;
  lead: WordKey;
  empty: WordKey;
  more: WordKey;
  /** The field by which one is known, and the one that heads it. */
  id: string;
  head: string;
  numbered?: true;
  /** Where one has a page of its own. */
  one?: string;
  /** What is shown of each. */
  shown: readonly string[];
  /** What can be done to each, and beside them; by the names of forms. */
  each: readonly FormName[];
  beside: readonly FormName[];
}

/** Shops and others who do business here, by what their addresses call them. */
export const partyKindsHere = ["shops", "carriers", "providers", "collectors"] as const;
export type PartyKinds = (typeof partyKindsHere)[number];

const party = (kinds: PartyKinds): ListSpec => ({
  call: `/v1/${kinds}`,
  title: `parties.title.${kinds}`,
  lead: "parties.lead",
  empty: "parties.empty",
  more: "parties.more",
  id: "id",
  head: "name",
  one: `/desk/parties/${kinds}/`,
  shown: ["contact", "createdAt"],
  each: [],
  beside: kinds === "collectors" ? ["collector-set"] : ["party-add"],
});

export const lists: Readonly<Record<string, ListSpec>> = {
  "parties/shops": party("shops"),
  "parties/carriers": party("carriers"),
  "parties/providers": party("providers"),
  "parties/collectors": party("collectors"),
  operators: {
    call: "/v1/operators",
    title: "operators.title",
    lead: "operators.lead",
    empty: "parties.empty",
    more: "parties.more",
    id: "id",
    head: "name",
    shown: ["state", "createdAt", "madeBy"],
    each: ["operator-suspend", "operator-resume", "operator-reset"],
    beside: ["operator-add"],
  },
  transfers: {
    call: "/v1/transfers",
    title: "transfers.title",
    lead: "transfers.lead",
    empty: "transfers.empty",
    more: "transfers.more",
    id: "id",
    head: "reference",
    shown: ["kind", "account", "amount", "currency", "reason", "at"],
    each: ["transfer-match"],
    beside: ["transfer-in", "transfer-out"],
  },
  payouts: {
    call: "/v1/payouts",
    title: "payouts.waits",
    lead: "payouts.waitsLead",
    empty: "payouts.waitsNone",
    more: "parties.more",
    id: "id",
    head: "id",
    shown: ["account", "amount", "currency", "state", "createdAt"],
    each: ["payout-cancel", "payout-return"],
    beside: ["payout"],
  },
  servers: {
    call: "/v1/peers",
    whole: true,
    title: "servers.title",
    lead: "servers.lead",
    empty: "servers.empty",
    more: "parties.more",
    id: "id",
    head: "name",
    one: "/desk/servers/",
    shown: ["url", "reachable"],
    each: [],
    beside: ["signing-key", "log-begin"],
  },
};

/** The way to a form, filled in with what is known. */
export function linkTo(name: FormName, known: Readonly<Record<string, string>>): ActLink {
  const { fields } = forms[name];
  const fit = Object.entries(known).filter(([one]) => fields.some((field) => field.name === one));
  const query = new URLSearchParams(fit).toString();
  return { word: titleOf(forms[name]), href: `/desk/acts/${name}${query === "" ? "" : `?${query}`}` };
}
