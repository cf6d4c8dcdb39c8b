import { describe, expect, it } from "vitest";
import { addressOf } from "./rate-limit.ts";

const from = (address?: string) =>
  addressOf(new Request("https://cadenza.test", address ? { headers: { "cf-connecting-ip": address } } : {}));

describe("addressOf", () => {
  it("is the address itself for IPv4", () => {
    expect(from("203.0.113.7")).toBe("203.0.113.7");
  });

  it("is the same for everything one IPv6 host can call itself", () => {
    expect(from("2001:db8:1:2:aaaa::1")).toBe("2001:db8:1:2::/64");
    expect(from("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(from("2001:db8:1:3::6")).toBe("2001:db8:1:3::/64");
    expect(from("2001:db8::6")).toBe("2001:db8:0:0::/64");
    expect(from("::1")).toBe("0:0:0:0::/64");
  });

  it("puts all who come from nowhere together", () => {
    expect(from()).toBe("unknown");
  });
});
