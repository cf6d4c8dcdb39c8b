/** Gmail's readers in the order they are asked: an open conversation goes before a window above it, and both before the list. */
import type { Reader } from "./facts.ts";
import { gmailCompose } from "./gmail-compose.ts";
import { gmailList } from "./gmail-list.ts";
import { gmailThread } from "./gmail-thread.ts";

export const gmailReaders: readonly Reader[] = [gmailThread, gmailCompose, gmailList];
