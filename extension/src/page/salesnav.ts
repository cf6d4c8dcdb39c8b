/** The readers for Sales Navigator, in the order they are asked. */
import type { Reader } from "./facts.ts";
import { salesnavLead } from "./salesnav-lead.ts";
import { salesnavList } from "./salesnav-list.ts";

export const salesnavReaders: readonly Reader[] = [salesnavLead, salesnavList];
