/** What runs in the browsers of those who read pages. */
export {
  codeReader,
  pageScript,
  passkeyScript,
  roundScript,
  scanScript,
  workerScript,
} from "./page-script.ts";
