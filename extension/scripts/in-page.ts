/** What `page-browser.ts` bundles and runs inside the page: the shipped readers and nothing else. */
import type { SelectorTable } from "../src/page/facts.ts";
import { printed } from "../src/page/printed.ts";
import { readPage } from "../src/page/read-page.ts";

export const readAsJson = (address: string, prepended: SelectorTable): string =>
  JSON.stringify(printed(readPage(document, address, prepended)));
