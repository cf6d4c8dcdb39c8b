import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { exampleIds, idNouns } from "@cadenza/shared/contract/fields";
import { problems } from "@cadenza/shared/problem";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { describe, expect, test } from "vitest";
import { openApiDocument } from "./openapi.ts";

const document = openApiDocument("https://cadenza.test");
const names = Object.keys(routes) as RouteName[];
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("the OpenAPI document", () => {
  test("has every route once, by its name", () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual([...names].sort());
  });

  test("has no two routes at one address", () => {
    const addresses = names.map((name) => routes[name].join(" ").replace(/:\w+/g, ":"));
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test("refers only to schemas it holds", () => {
    const refs = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    const known = Object.keys(document.components.schemas).map(
      (name) => `"$ref":"#/components/schemas/${name}"`,
    );
    expect([...new Set(refs)].filter((ref) => !known.includes(ref))).toEqual([]);
  });

  test.each(operations)(
    "$method $path declares its path's parameters and its refusals",
    ({ path, operation }) => {
      const inPath = operation.parameters
        .filter((parameter) => parameter.in === "path")
        .map(({ name }) => name);
      expect(inPath.sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
      for (const code of operation["x-problems"])
        expect(operation.responses).toHaveProperty(String(problems[code].status));
      expect(operation.responses).toHaveProperty("500");
    },
  );

  test("says by which of its doors each route is reached, and names no door it does not describe", () => {
    const doors = (name: RouteName) =>
      operations
        .find(({ operation }) => operation.operationId === name)!
        .operation.security.map((one) => Object.entries(one).flat(2).join(" "));
    expect(doors("contacts.list")).toEqual(["apiKey read", "hostSession read", "program read", "session"]);
    expect(doors("apiKeys.create")).toEqual(["apiKey admin", "session"]);
    expect(doors("me.chooseNotices")).toEqual(["hostSession write", "program write", "session"]);
    expect([doors("me.get"), doors("me.update")]).toEqual([
      ["hostSession", "program", "session"],
      ["session"],
    ]);
    expect([doors("internal.run"), doors("embed.session")]).toEqual([["serviceToken"], []]);
    const named = operations.flatMap(({ operation }) => operation.security.flatMap(Object.keys));
    expect([...new Set(named)].sort()).toEqual(Object.keys(document.components.securitySchemes).sort());
  });

  test("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe("every contract", () => {
  test.each(names)("%s says what it does, and its examples are true", (name) => {
    const contract: Contract = contracts[name];
    expect(contract.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(contract.description.length).toBeGreaterThan(10);
    const { body, response, query } = contract.example ?? {};
    if (contract.body && body !== undefined)
      expect(contract.body.safeParse(body).error?.issues).toBeUndefined();
    if (contract.query && query !== undefined)
      expect(contract.query.safeParse(query).error?.issues).toBeUndefined();
    if (contract.response) expect(contract.response.safeParse(response).error?.issues).toBeUndefined();
  });

  test("asks for a scope wherever it writes", () => {
    const writing = names.filter((name) => routes[name][0] !== "GET");
    expect(
      writing.filter((name) => (contracts[name] as Contract).access === "read" && !readOnly.includes(name)),
    ).toEqual([]);
  });

  test("has an example id of every noun", () => {
    expect(Object.keys(exampleIds).sort()).toEqual(Object.keys(idNouns).sort());
  });
});

/** POSTs that only compute. */
const readOnly: RouteName[] = ["sequences.preview", "templates.check"];
