// The page: check.

import { openPage } from "./frame.js";

await openPage();
