/** The people of a shop with a sign-in of their own, and what was done from its sessions. */
export {
  endShopAct,
  insertShopAct,
  listShopActs,
  listShopActsAbout,
} from "./act-store.ts";
export {
  countTeam,
  insertShopPerson,
  joinShop,
  listShopPeople,
  lockTeam,
  namesOfShopPeople,
  readShopPerson,
  readShopPersonEmail,
  removeShopPerson,
  roleOf,
  setShopRole,
  type ShopPersonRow,
} from "./people-store.ts";
