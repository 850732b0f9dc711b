/** The engine with the money in its own books. */
import "../../test/support/engine-stories.ts";
