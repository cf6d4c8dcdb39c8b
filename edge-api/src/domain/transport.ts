/**
 * What the engine knows of a way to send mail, and the closed set of what can come of one try. Adapters in `mail/`
 * implement it; the deliver loop acts on the outcome.
 */
export type WireOutcome =
  | { kind: "sent"; providerMessageId: string | null; response: string }
  /**
   * Proven: nobody has accepted it. `scope` says what was refused: this text, this person, or us. `permanent` means
   * the same try would be refused again; what is wrong with a mailbox then wants a person.
   */
  | {
      kind: "not_sent";
      permanent: boolean;
      scope: "message" | "recipient" | "mailbox";
      retryAfterMs: number | null;
      detail: string;
    }
  /** Handed over, and no answer: it may have been accepted. Invariant: no machine ever sends it again. */
  | { kind: "ambiguous"; detail: string };

/** `mime` are the bytes as they go out; `idempotencyKey` is for providers that know such a thing. */
export type OutgoingMessage = {
  from: string;
  to: string;
  mime: Uint8Array;
  messageId: string;
  idempotencyKey: string;
};

/**
 * `class` is how an ambiguous try can be settled: `key` by the same bytes under the same key, `lookup` by asking
 * `find`, `blind` by a person only.
 */
export type Transport = {
  class: "key" | "lookup" | "blind";
  /** How long a `key` provider remembers a key. */
  keyLifeMs?: number;
  /** Never rejects; ends within the transport's own deadline. */
  deliver(message: OutgoingMessage): Promise<WireOutcome>;
  /** Throws when it can't tell. */
  find?(messageId: string): Promise<"found" | "absent">;
};
