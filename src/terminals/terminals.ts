/** Pages for people: data in, HTML out. Nothing here asks a server, keeps anything, or runs in the browser. */
export { type Asset, assets, contentSecurityPolicy } from "./assets.ts";
export { type NavigationItem, Page, type PageProps, render, renderPage, Seal } from "./layout.tsx";
export {
  Button,
  type ButtonProps,
  Choice,
  type ChoiceProps,
  Empty,
  Field,
  type FieldProps,
  Form,
  LinkButton,
  Mistakes,
  MoneyBar,
  type MoneyBarProps,
  Notice,
  StateBadge,
} from "./parts.tsx";
export { Amount, Day, Moment, Name, Say, TradeNumber } from "./reading.tsx";
export { EventList, Lines, Steps, TradeFacts } from "./trade-parts.tsx";
export type { Language } from "./words.ts";
