/** What members allow shops to freeze without asking (paragraph 0082): given, looked at, changed and ended on pages. */
export { registerPermissionPages } from "./all-permissions.ts";
