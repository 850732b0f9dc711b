/**
 * The guarantor (信用保証機関): stands for the credit of its members, gives out the number of a trade, and pays the shop where
 * a member does not. Its members pay after acceptance, at an institution that collects (third embodiment, figure 8).
 */
export {
  createGuarantor,
  type Guarantor,
  type GuarantorOptions,
  reconcileGuarantor,
} from "./guarantor-server.ts";
