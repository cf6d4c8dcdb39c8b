/**
 * How long things may take in the demo. Much shorter than in production, so that a killed Worker's mail is settled
 * while somebody watches; the order between them is the same: whoever authorised a mail is gone, in any case, before
 * the resolver looks at it.
 */
export const wireTimeoutMs = 6_000;

export const demoLimits = {
  tick: { leaseMs: 5_000 },
  /** Small groups: a handful of people is then already more than goes on the wire at once. */
  deliver: { group: 3, claimLeaseMs: 9_000, authorisedMaxMs: 2_000 },
  recover: { sendingMaxMs: 9_000 },
};
