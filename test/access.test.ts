/** Who may call what at an institution. */
import "./support/tables/access-matrix.ts";
