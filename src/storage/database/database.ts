export {
  type Audit,
  type AuditOptions,
  auditStages,
  type Difference,
  type Finding,
  type Progress,
  snapshot,
} from "./audit.ts";
export type { Client, Connection, Database } from "./client.ts";
export { advanceClock, readClock } from "./clock.ts";
export { openDatabase } from "./pool.ts";
export { byteArray, joinedTexts, plainArray, timeArray } from "./arrays.ts";
export { coalesce } from "./coalesce.ts";
export {
  CommitUnknownError,
  errorCode,
  isConnectionLoss,
  isTransient,
  RolledBackError,
} from "./errors.ts";
export { beyondAll, pageBy, pageOf } from "./lists.ts";
export { idFrom, randomDigits, randomToken, uuidv7 } from "./ids.ts";
export { migrate } from "./migrate.ts";
export { identifier, type Query, rawSql, sql, type Value } from "./sql.ts";
