/** What the shop's staff do with orders: who of them is calling, their lists, one order, and each act. */
export { frameOf, staffOnly, type Who, whoOf } from "./doors.ts";
export { StaffOrdersPage } from "./list-pages.tsx";
export { ownMistake } from "./sign-in.ts";
export { staffMistakes } from "./staff-forms.ts";
export { StaffOrderPage } from "./staff-pages.tsx";
export { addStaffRoutes } from "./staff-routes.ts";
