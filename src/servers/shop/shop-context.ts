/** What the shop's pages are given. */
import type { Cookies } from "../../edge/http/http.ts";
import type { OrderContext } from "../shop-orders/shop-orders.ts";

export interface Shop extends OrderContext {
  name: string;
  /** IANA name of the zone in which times are told. */
  timeZone: string;
  cookies: Cookies;
  /** SHA-256 of the staff's password; what was typed is compared with it in constant time. */
  staffPassword: Buffer;
}
