import { ProblemError } from "@cadenza/shared/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { apiUrl, clientOf, counted, explained, placeNamed, printable, wholeNumber } from "./command-line.ts";

afterEach(() => vi.unstubAllEnvs());

describe("the address of the API", () => {
  it("is the flag, else the environment, else the local one", () => {
    vi.stubEnv("CADENZA_API", "https://c.example/");
    expect([apiUrl("http://a.example//"), apiUrl(undefined)]).toEqual([
      "http://a.example",
      "https://c.example",
    ]);
    vi.stubEnv("CADENZA_API", undefined);
    expect(apiUrl(undefined)).toBe("http://127.0.0.1:8787");
  });

  it.each(["notaurl", "localhost:8787", "ftp://x.example", ""])("is not %j", (address) => {
    vi.stubEnv("CADENZA_API", address);
    expect(() => apiUrl(undefined)).toThrow(`CADENZA_API is "${address}", which is no address`);
    expect(() => apiUrl(address)).toThrow("--api is");
  });

  it("is not asked with a key that was not copied as it is", () => {
    expect(() => clientOf("http://a.example", "cdz_key_a\ncdz_key_a")).toThrow("not copied as it is");
  });

  it("is named where nobody answers", async () => {
    const error = await clientOf("http://127.0.0.1:1", "key")("health.get").catch((error: unknown) => error);
    expect(explained(error)).toMatch(/^The API at http:\/\/127\.0\.0\.1:1 does not answer\./);
  });
});

it.each([
  ["abc", 1],
  ["1.5", 1],
  ["", 1],
  ["-3", 0],
  ["0", 1],
])("takes no %j for a whole number", (text, least) => {
  expect(() => wholeNumber("seeds", text, least)).toThrow(`--seeds takes a whole number from ${least} on`);
});

it("counts steps as people do", () => {
  expect(["/steps/0/delay/amount", "/steps/11", "/name", "/postal/zip", ""].map(placeNamed)).toEqual([
    ...["step 1, delay.amount", "step 12", "name", "postal.zip", ""],
  ]);
  const errors = [
    { in: "body" as const, pointer: "/steps/2/body", detail: "Odd." },
    { in: "body" as const, pointer: "", detail: "Empty." },
  ];
  const problem = new ProblemError({
    ...{
      type: "",
      status: 422,
      code: "invalid_request",
      title: "No",
      detail: "Look.",
      requestId: "req_1",
      errors,
    },
  });
  expect(explained(problem)).toBe("No. Look. (invalid_request, req_1)\n  step 3, body: Odd.\n  Empty.");
});

it("shows what a terminal would obey, on one line and cut", () => {
  expect(printable("a\u001b[31mb\r\nc\u202ed")).toBe("a\\u001b[31mb\\r\\nc\\u202ed");
  expect(printable("x".repeat(5_000), 20)).toBe(`${"x".repeat(19)}…`);
  expect(printable("😀".repeat(30), 20)).toBe(`${"😀".repeat(19)}…`);
  expect(printable("José Łukasz 李")).toBe("José Łukasz 李");
});

it("counts one", () =>
  expect([counted(1, "row"), counted(2, "row"), counted(0, "row")]).toEqual(["1 row", "2 rows", "0 rows"]));
