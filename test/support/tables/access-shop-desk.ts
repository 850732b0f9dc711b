/** The lines of the table of access about the desk of a shop's people. */
import { deskActs } from "../../../src/edge/shop-desk-views/shop-desk-views.ts";
import { type Line, line, unknown } from "./access-lines.ts";

const strangers = [...unknown, "guest"] as const;
const shops = ["own", "other", "suspended"] as const;
/** A page of any shop's people. */
const desk = line(403, { yes: shops, signin: strangers });
const deskForm = line(403, { yes: shops, 401: strangers });
/** A page, or a form, about an order: of another shop's it is not there. */
const order = line(403, { yes: ["own"], 404: ["other", "suspended"], signin: strangers });
const orderForm = line(403, { yes: ["own"], 404: ["other", "suspended"], 401: strangers });

export const ofShopDesk: Readonly<Record<string, Line>> = {
  "GET /shop": desk,
  "GET /shop/find": desk,
  "GET /shop/money": desk,
  "GET /shop/money/days.csv": desk,
  "GET /shop/new": desk,
  "POST /shop/new": deskForm,
  "GET /shop/orders/{number}": order,
  "GET /shop/orders/{number}/note": order,
  ...Object.fromEntries(deskActs.map((act) => [`POST /shop/orders/{number}/${act}`, orderForm])),
};
