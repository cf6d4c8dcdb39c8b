import { describe, expect, it } from "vitest";
import {
  companySlug,
  companyUrl,
  isLinkedIn,
  isMemberId,
  linkedInLink,
  profileAddress,
  profileUrl,
  sameSlug,
} from "./linkedin-address.ts";

const base = new URL("https://www.linkedin.com/in/greta-solberg/");

describe("a profile's address", () => {
  it.each([
    ["https://www.linkedin.com/in/greta-solberg", "https://www.linkedin.com/in/greta-solberg"],
    ["https://se.linkedin.com/in/greta-solberg/?trk=x#y", "https://www.linkedin.com/in/greta-solberg"],
    ["http://linkedin.com/in/greta-solberg/sv", "https://www.linkedin.com/in/greta-solberg"],
    ["https://www.linkedin.com/in/%E9%99%88-abc/", "https://www.linkedin.com/in/%E9%99%88-abc"],
    ["https://www.linkedin.com/in/陈-abc/", "https://www.linkedin.com/in/%E9%99%88-abc"],
    [
      "https://www.linkedin.com/in/m%c3%bcller/overlay/contact-info/",
      "https://www.linkedin.com/in/m%C3%BCller",
    ],
  ])("%s is written as %s", (address, written) => {
    expect(profileUrl(profileAddress(new URL(address))!.slug)).toBe(written);
  });

  it.each([
    "https://www.linkedin.com/",
    "https://www.linkedin.com/in/",
    "https://www.linkedin.com/in/%E0%A4%A",
    "https://www.linkedin.com/pulse/in/greta",
    "https://www.linkedin.com.evil.example/in/greta",
    "https://evil.example/www.linkedin.com/in/greta",
    "https://notlinkedin.com/in/greta",
    "ftp://www.linkedin.com/in/greta",
  ])("%s is none", (address) => {
    expect(profileAddress(new URL(address))).toBeNull();
  });

  it("tells a page below it, and a member id from a slug", () => {
    expect(profileAddress(new URL("https://www.linkedin.com/in/greta/details/experience/"))?.rest).toBe(
      "details/experience",
    );
    expect(isMemberId("ACoAAAbcDEF1234567890xyzABCdef")).toBe(true);
    expect(isMemberId("acorn-holm")).toBe(false);
  });
});

it("a link counts only where it stays on LinkedIn", () => {
  expect(linkedInLink("/in/bo", base)?.href).toBe("https://www.linkedin.com/in/bo");
  expect([
    linkedInLink(null, base),
    linkedInLink("https://evil.example/in/bo", base),
    linkedInLink("javascript:alert(1)", base),
    linkedInLink("http://[", base),
  ]).toEqual([null, null, null, null]);
  expect(isLinkedIn(new URL("https://de.linkedin.com/"))).toBe(true);
});

it("slugs are the same whatever their case and composition", () => {
  expect(sameSlug("Zo\u00eb-1", "zoe\u0308-1")).toBe(true);
  expect(sameSlug("zoe-1", "zoe-2")).toBe(false);
});

it("a company's address is written without its tabs", () => {
  expect(companyUrl(companySlug(new URL("https://uk.linkedin.com/company/acme/people/?x=1"))!)).toBe(
    "https://www.linkedin.com/company/acme",
  );
  expect(companyUrl(companySlug(new URL("https://www.linkedin.com/school/kth/"))!)).toBe(
    "https://www.linkedin.com/school/kth",
  );
  expect(companySlug(new URL("https://www.linkedin.com/jobs/view/1"))).toBeNull();
});
