/** The engine with the money at an institution, over a line that repeats, delays and loses what it carries. */
import { usual } from "../../test/support/market.ts";

usual.line = "bad";
await import("../../test/support/engine-stories.ts");
