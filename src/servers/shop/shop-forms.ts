/** What the shop's forms send, as schemas that refuse anything else, and how a form is read. */
import Type, { type Static } from "typebox";
import { dammValid } from "../../core/protocol/protocol.ts";
import { postcodeFields } from "../../edge/postcodes/postcodes.ts";
import { closed, kanaSchema, text } from "../../core/protocol/schemas.ts";
import { type Till, type Wishes } from "../shop-orders/shop-orders.ts";
import { formKey, type Mistaken, versionField } from "../shop-frame/shop-frame.ts";
import { shopSay, type ShopWordKey } from "../shop-words/shop-words.ts";

const product = Type.String({ pattern: "^[a-z0-9-]{1,40}$" });
export const addForm = closed({
  product,
  quantity: Type.Optional(Type.String({ pattern: "^[1-9][0-9]?$" })),
});
export const changeForm = closed({ product, quantity: Type.String({ pattern: "^[0-9]{1,2}$" }) });
export const removeForm = closed({ product });
/** Left empty, no voucher is meant. */
export const voucherForm = closed({ voucher: Type.Optional(text(1, 40)) });

export const orderForm = closed({
  key: formKey,
  name: text(1, 120),
  kana: Type.Optional(kanaSchema),
  address: text(1, 300),
  ...postcodeFields,
  email: Type.Optional(Type.String({ format: "email", maxLength: 254 })),
  phone: Type.Optional(text(3, 40)),
  receiver: Type.Unsafe<"me" | "other">({ type: "string", enum: ["me", "other"] }),
  recipientName: Type.Optional(text(1, 120)),
  recipientKana: Type.Optional(kanaSchema),
  recipientAddress: Type.Optional(text(1, 300)),
  recipientPostcode: postcodeFields.postcode,
  recipientPhone: Type.Optional(text(3, 40)),
  from: Type.Optional(text(1, 120)),
  greeting: Type.Optional(text(1, 400)),
  member: Type.Optional(Type.String({ pattern: "^[0-9]{1,20}$" })),
  /** The number of an amount that was reserved for this shop before. */
  reserved: Type.Optional(Type.String({ pattern: "^[0-9 -]{1,40}$" })),
  shopMayAccept: Type.Optional(Type.Literal("yes")),
  till: Type.Optional(Type.String({ pattern: "^[a-z0-9-]{1,40}$" })),
});
export type OrderForm = Static<typeof orderForm>;

/** What a server says when it sends a customer back. How the trade stands is asked of the server all the same. */
export const backQuery = closed({ trade: Type.Optional(text(1, 40)), state: Type.Optional(text(1, 40)) });
/** What a server says when it carries a member on to this shop: where from, and the code by which the shop reads what they let it. */
const disclosure = Type.String({ pattern: "^kd_[0-9a-f]{40}$" });
const till = Type.String({ pattern: "^[a-z0-9-]{1,40}$" });
export const welcomeQuery = closed({
  till: Type.Optional(till),
  disclosure: Type.Optional(disclosure),
  at: Type.Optional(text(1, 300)),
});
export const welcomeForm = closed({ key: formKey, till, disclosure });
export const customerForm = closed({
  key: formKey,
  version: Type.Optional(versionField),
  sure: Type.Optional(Type.String({ maxLength: 3 })),
});
/** What people are told about each field of the order form. */
export const fieldMistakes: Readonly<Record<string, ShopWordKey>> = {
  name: "mistake.name",
  address: "mistake.address",
  email: "mistake.email",
  phone: "mistake.phone",
  receiver: "mistake.receiver",
  recipientName: "mistake.recipientName",
  kana: "mistake.kana",
  recipientKana: "mistake.kana",
  recipientAddress: "mistake.recipientAddress",
  recipientPhone: "mistake.phone",
  from: "mistake.from",
  greeting: "mistake.greeting",
  member: "mistake.member",
  reserved: "mistake.reserved",
  shopMayAccept: "mistake.shopMayAccept",
  till: "mistake.till",
};

/** What a schema cannot say about an order form. */
export function orderMistakes(form: OrderForm, tills: readonly Till[]): Mistaken {
  const mistaken: Mistaken = {};
  if (form.email === undefined && form.phone === undefined) {
    mistaken["email"] = shopSay("mistake.reach");
  }
  if (form.receiver === "other" && form.recipientName === undefined) {
    mistaken["recipientName"] = shopSay("mistake.recipientName");
  }
  if (form.member !== undefined && !dammValid(form.member)) {
    mistaken["member"] = shopSay("mistake.memberDigits");
  }
  const reserved = digitsOf(form.reserved);
  if (reserved !== undefined && !dammValid(reserved)) {
    mistaken["reserved"] = shopSay("mistake.reservedDigits");
  }
  if (chosenTill(form, tills) === undefined) mistaken["till"] = shopSay("mistake.till");
  return mistaken;
}

/** A number as it is shown, in groups. */
const digitsOf = (text: string | undefined): string | undefined => text?.replaceAll(/[ -]/g, "");

/** Where the buyer pays; with one till there is no question. */
function chosenTill({ till }: OrderForm, tills: readonly Till[]): Till | undefined {
  if (till === undefined && tills.length === 1) return tills[0];
  return tills.find(({ id }) => id === till);
}

/** The form, which has no mistakes, as what the buyer wishes. */
export function wishesOf(form: OrderForm, tills: readonly Till[]): Omit<Wishes, "language" | "returnUrl"> {
  const till = chosenTill(form, tills);
  if (till === undefined) throw new Error("The till was checked with the form.");
  const { recipientName, recipientKana, recipientAddress, recipientPhone, from, greeting } = form;
  const gift = form.receiver === "other" && recipientName !== undefined;
  return {
    name: form.name,
    kana: form.kana,
    address: form.address,
    email: form.email ?? null,
    phone: form.phone ?? null,
    till,
    member: form.member ?? null,
    reserved: digitsOf(form.reserved) ?? null,
    shopMayAccept: form.shopMayAccept === "yes",
    recipient: gift
      ? {
          name: recipientName,
          ...(recipientKana === undefined ? {} : { kana: recipientKana }),
          ...(recipientAddress === undefined ? {} : { address: recipientAddress }),
          ...(recipientPhone === undefined ? {} : { contact: { phone: recipientPhone } }),
          ...(from === undefined ? {} : { from }),
          ...(greeting === undefined ? {} : { greeting }),
        }
      : null,
  };
}
