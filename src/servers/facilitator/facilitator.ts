/**
 * The facilitator (取引円滑サーバ 20): keeps members, carries a trade between shop and institution, and holds no money.
 * It has the members and trades of every trading server, and institutions as its means of payment (first embodiment,
 * figures 1, 4 and 5, steps S301 to S308 and S401 to S403).
 */
export {
  createFacilitator,
  type Facilitator,
  type FacilitatorOptions,
  reconcileFacilitator,
} from "./facilitator-server.ts";
