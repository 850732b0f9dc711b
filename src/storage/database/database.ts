export { type Client, type Connection, type Database, type DatabaseOptions, openDatabase } from "./pool.ts";
export { byteArray, joinedTexts, plainArray, timeArray } from "./arrays.ts";
export { coalesce } from "./coalesce.ts";
export {
  CommitUnknownError,
  errorCode,
  isConnectionLoss,
  isTransient,
  RolledBackError,
} from "./errors.ts";
export { idFrom, randomDigits, randomToken, uuidv7 } from "./ids.ts";
export { migrate } from "./migrate.ts";
export { identifier, type Query, rawSql, sql, type Value } from "./sql.ts";
