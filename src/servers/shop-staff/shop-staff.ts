/** Who works at the shop, what each of them may do, and whether they are signed in. */
export { counted, memberOf, secretsOf, shortestPassword } from "./passwords.ts";
export {
  dropOldTries,
  listRecord,
  record,
  type Recorded,
  type StoreAct,
  storeActs,
} from "./record-store.ts";
export {
  dropOldSessions,
  endMember,
  endSession,
  insertMember,
  listMembers,
  type Member,
  openSession,
  readSession,
  type Role,
  roles,
  setPassword,
  setRole,
} from "./staff-store.ts";
