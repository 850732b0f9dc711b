/** The files of the reader of the description (Swagger UI), which the build puts beside the program. */
import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../reader/", import.meta.url);

/** Begins to read; nothing is sent from the page, which is for reading. */
const start = `window.addEventListener("load", () => {
  if (typeof SwaggerUIBundle === "undefined") return;
  if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.classList.add("dark-mode");
  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#reader",
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    defaultModelExpandDepth: 2,
    supportedSubmitMethods: [],
    validatorUrl: null,
  });
});
`;

export interface ReaderFile {
  name: string;
  type: string;
  /** Undefined where the build has not put it there: then the page is a list. */
  read: () => string | undefined;
}

const fromFolder = (name: string) => () => {
  const path = new URL(name, folder);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
};

export const readerFiles: readonly ReaderFile[] = [
  { name: "swagger-ui.css", type: "text/css; charset=utf-8", read: fromFolder("swagger-ui.css") },
  {
    name: "swagger-ui-bundle.js",
    type: "text/javascript; charset=utf-8",
    read: fromFolder("swagger-ui-bundle.js"),
  },
  { name: "start.js", type: "text/javascript; charset=utf-8", read: () => start },
];
