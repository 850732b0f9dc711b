/** What a shop's people set at the desk: for each form the call of the API that it makes. */
import type { TSchema } from "typebox";
import { field, type Fields, filled, filledNarrow, present } from "../pages/pages.ts";
import type { OwnCall } from "../own-calls/own-calls.ts";

export interface Setting {
  /** Its fields, beside the key of the press and what is meant. */
  fields: Record<string, TSchema>;
  /** The act is about something that its form names. */
  named?: true;
  /** It is asked once more, with this question. */
  asks?: "revokeSure" | "rotateSure" | "dropSure";
  /** Whoever does it has signed in just now, as the call behind it asks of sessions. */
  proves?: true;
  /** Its answer holds what is shown once. */
  shows?: "key" | "secret";
  call: (shop: string, of: string, fields: Fields) => Omit<OwnCall, "key">;
}

const words = (text: string | undefined): string[] =>
  (text?.normalize("NFKC") ?? "").split(/[\s,、]+/u).filter((word) => word !== "");

const ofShop = (shop: string, part: string) => `/v1/shops/${shop}/${part}`;
const hook = (of: string) => `/v1/webhook-endpoints/${of}`;
/** A number is one of minutes. */
const durationOf = (text: string) => (/^[0-9]{1,4}$/.test(text) ? `PT${Number(text)}M` : text);
const nothing = {};

export const settings = {
  "make-key": {
    fields: { label: field(200) },
    proves: true,
    shows: "key",
    call: (shop, _, { label }) => ({
      method: "POST",
      url: ofShop(shop, "keys"),
      body: present({ label: filled(label) }),
    }),
  },
  "revoke-key": {
    fields: nothing,
    named: true,
    asks: "revokeSure",
    call: (shop, of) => ({ method: "DELETE", url: ofShop(shop, `keys/${of}`) }),
  },
  "add-hook": {
    fields: { url: field(2000), types: field(2000) },
    proves: true,
    shows: "secret",
    call: (_, __, { url, types }) => ({
      method: "POST",
      url: "/v1/webhook-endpoints",
      body: { url: filledNarrow(url) ?? "", types: words(types) },
    }),
  },
  "test-hook": {
    fields: nothing,
    named: true,
    call: (_, of) => ({ method: "POST", url: `${hook(of)}/test`, body: {} }),
  },
  "rotate-hook": {
    fields: nothing,
    named: true,
    asks: "rotateSure",
    proves: true,
    shows: "secret",
    call: (_, of) => ({ method: "POST", url: `${hook(of)}/rotate`, body: {} }),
  },
  "drop-hook": {
    fields: nothing,
    named: true,
    asks: "dropSure",
    call: (_, of) => ({ method: "DELETE", url: hook(of) }),
  },
  resend: {
    fields: nothing,
    named: true,
    call: (_, of) => ({ method: "POST", url: `/v1/webhook-deliveries/${of}/resend`, body: {} }),
  },
  "return-address": {
    fields: { name: field(200), address: field(400), phone: field(60) },
    proves: true,
    call: (shop, _, { name, address, phone }) => ({
      method: "PUT",
      url: ofShop(shop, "return-address"),
      body: {
        returnAddress: present({
          name: filled(name),
          address: filled(address),
          phone: filledNarrow(phone),
        }),
      },
    }),
  },
  "return-urls": {
    fields: { urls: field(4000) },
    proves: true,
    call: (shop, _, { urls }) => ({
      method: "PUT",
      url: ofShop(shop, "return-urls"),
      body: { returnUrls: words(urls) },
    }),
  },
  unique: {
    fields: { unique: field(3) },
    call: (shop, _, { unique }) => ({
      method: "PUT",
      url: ofShop(shop, "unique-references"),
      body: { uniqueReferences: unique === "yes" },
    }),
  },
  list: {
    fields: { url: field(500), sentence: field(300) },
    call: (shop, _, { url, sentence }) => ({
      method: "PUT",
      url: ofShop(shop, "listing"),
      body: { url: filledNarrow(url) ?? "", sentence: filled(sentence) ?? "" },
    }),
  },
  unlist: {
    fields: nothing,
    call: (shop) => ({ method: "DELETE", url: ofShop(shop, "listing") }),
  },
  "add-store": {
    fields: { store: field(60), postcodes: field(2000) },
    call: (_, __, { store, postcodes }) => ({
      method: "POST",
      url: "/v1/chains/stores",
      body: { store: filledNarrow(store) ?? "", postcodes: words(postcodes) },
    }),
  },
  "drop-store": {
    fields: nothing,
    named: true,
    call: (shop, of) => ({ method: "DELETE", url: `/v1/chains/${shop}/stores/${of}` }),
  },
  "answer-within": {
    fields: { offerFor: field(40) },
    call: (shop, _, { offerFor }) => ({
      method: "PUT",
      url: `/v1/chains/${shop}`,
      body: { offerFor: durationOf(filledNarrow(offerFor) ?? "") },
    }),
  },
  agree: {
    fields: nothing,
    named: true,
    call: (_, of) => ({ method: "POST", url: `/v1/chains/${of}/agree`, body: {} }),
  },
  leave: {
    fields: nothing,
    named: true,
    call: (shop, of) => ({ method: "DELETE", url: `/v1/chains/${of}/stores/${shop}` }),
  },
  take: {
    fields: nothing,
    named: true,
    call: (_, of) => ({ method: "POST", url: `/v1/offers/${of}/take`, body: {} }),
  },
  pass: {
    fields: nothing,
    named: true,
    call: (_, of) => ({ method: "POST", url: `/v1/offers/${of}/decline`, body: {} }),
  },
} as const satisfies Record<string, Setting>;
export type SettingAct = keyof typeof settings;
export const settingActs = Object.keys(settings) as SettingAct[];
export const settingOf = (act: SettingAct): Setting => settings[act];
