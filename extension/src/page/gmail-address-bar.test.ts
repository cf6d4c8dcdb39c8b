import { describe, expect, it } from "vitest";
import { accountNumberOf, isGmail, threadInAddress } from "./gmail-address-bar.ts";

const gmail = "https://mail.google.com/mail/u/0/";

describe("Gmail's address", () => {
  it.each([gmail, "https://mail.google.com/mail", `${gmail}popout?ver=1`])("is Gmail's: %s", (address) => {
    expect(isGmail(new URL(address))).toBe(true);
  });

  it.each([
    "http://mail.google.com/mail/u/0/",
    "https://mail.google.com.evil.example/mail/u/0/",
    "https://inbox.google.com/u/0/",
    "https://mail.google.com/chat/u/0/",
    "https://evil.example/https://mail.google.com/mail/",
  ])("is not Gmail's: %s", (address) => {
    expect(isGmail(new URL(address))).toBe(false);
  });

  it("numbers the account, where it does", () => {
    expect(accountNumberOf("/mail/u/12/")).toBe(12);
    expect(accountNumberOf("https://mail.google.com/mail/u/1/#inbox")).toBe(1);
    expect(accountNumberOf("/mail/")).toBeNull();
    expect(accountNumberOf("/mail/u/x/")).toBeNull();
  });

  it.each([
    ["#inbox/FMfcgzQXKhBcTkTtLkVmqLdCsGzXWLNl", "opaque"],
    ["#inbox/19d0000000000001", "hex"],
    ["#search/from%3Adana/FMfcgzQXKhBcTkTtLkVmqLdCsGzXWLNl", "opaque"],
    ["#label/Sales/19d0000000000001?compose=new", "hex"],
    ["#inbox", undefined],
    ["#inbox/p2", undefined],
    ["#inbox?compose=CllgCJTMXpBvKxVdGtLqPqQCllgCJTMXpBvKxVdGtLqPqQ", undefined],
    ["#search/abcdefghijklmnopqrstuvwxyzabcd", undefined],
    ["#label/19d0000000000001", undefined],
    ["#settings/general", undefined],
    ["", undefined],
  ])("names a conversation or none: %s", (hash, kind) => {
    expect(threadInAddress(new URL(gmail + hash))?.kind).toBe(kind);
  });
});
