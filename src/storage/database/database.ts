export {
  type Audit,
  type AuditOptions,
  type AuditProgress,
  auditStages,
  type Difference,
  type Finding,
  snapshot,
} from "./audit.ts";
export type { Client, Connection, Database } from "./client.ts";
export { advanceClock, checkWritable, openDatabase, readClock } from "./pool.ts";
export { coalesce } from "./coalesce.ts";
export {
  CommitUnknownError,
  conflict,
  errorCode,
  isConnectionLoss,
  isKeyTaken,
  isSpent,
  isTransient,
  RolledBackError,
} from "./errors.ts";
export { always, type Between, beyondAll, pageBy, pageOf } from "./lists.ts";
export { idFrom, randomDigits, randomToken, uuidv7 } from "./ids.ts";
export { checkLogin, makeServerLogin } from "./login.ts";
export { migrate } from "./migrate.ts";
export { addressForms, isAddress } from "./settings.ts";
export {
  bigintArray,
  byteArray,
  intArray,
  jsonArray,
  plainArray,
  textArray,
  timeArray,
  uuidArray,
} from "./arrays.ts";
export { identifier, type Query, rawSql, sql, type Value } from "./sql.ts";
