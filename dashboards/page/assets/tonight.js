// The page: tonight.

import { openPage } from "./frame.js";

await openPage();
