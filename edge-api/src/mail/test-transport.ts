/** What a test twin's mailboxes send by: every mail is taken, and goes nowhere. It has no socket to open. */
import type { Transport } from "../domain/transport.ts";

export const testTransport: Transport = {
  // Taken twice is as much as taken once: nothing a crash leaves open needs a person.
  class: "key",
  keyLifeMs: Number.POSITIVE_INFINITY,
  deliver: async () => ({
    kind: "sent",
    providerMessageId: null,
    response: "250 Taken in test mode: it went nowhere",
  }),
};
