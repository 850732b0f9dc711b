/** What a server publishes of itself: OpenAPI for programs, a reader of it and a page of problems for people. */
export {
  type Answers,
  type DeclaredRoute,
  type DeclaredRefusal,
  type Described,
  fieldOfMade,
} from "./declared.ts";
export { docsPage, docsPolicy } from "./docs-page.tsx";
export { describe } from "./openapi.ts";
export { problemsPage } from "./problems-page.tsx";
export { readerFiles } from "./reader.ts";
