import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerMoneyBehind } from "./money-behind.ts";
import { registerMoneyPages } from "./money-pages.ts";
import { registerNewOrder } from "./new-order.ts";
import { registerNotePages } from "./note-pages.ts";
import { registerSettingsPages } from "./settings-pages.ts";
import { registerOrderPages } from "./order-pages.ts";

/** Registers the desk. `early`: the server pays shops before their buyers have accepted. */
export function registerShopDesk(server: Server, context: PageContext, early: boolean): void {
  registerOrderPages(server, { context, early });
  registerNotePages(server, context);
  registerNewOrder(server, context);
  registerMoneyPages(server, context);
  registerMoneyBehind(server, context);
  registerSettingsPages(server, context);
}
