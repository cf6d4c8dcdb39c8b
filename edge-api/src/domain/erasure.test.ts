/** What an erased address leaves behind. */
import { expect, it } from "vitest";
import { behindErased, erasedKeyOf, erasedMark } from "./erasure.ts";
import type { WorkspaceId } from "./ids.ts";

const home = { shard: 0, secret: "one secret" };
const one = 1 as WorkspaceId;
const key = erasedKeyOf(home, one, "dana@acme.example");

it("is the same for the same address, and says nothing of it", () => {
  expect(erasedKeyOf(home, one, "dana@acme.example")).toBe(key);
  expect(key).toMatch(/^#[0-9a-z]{13}$/);
  expect(key).not.toMatch(/dana|acme/);
});

it("differs for another address, workspace, shard and secret: nobody can lay two lists side by side", () => {
  const others = [
    erasedKeyOf(home, one, "dana@acme.example.org"),
    erasedKeyOf(home, 2 as WorkspaceId, "dana@acme.example"),
    erasedKeyOf({ ...home, shard: 1 }, one, "dana@acme.example"),
    erasedKeyOf({ ...home, secret: "another" }, one, "dana@acme.example"),
  ];
  expect(new Set([key, ...others]).size).toBe(5);
});

it("lies between its two marks, where no domain does", () => {
  expect(key > erasedMark && key < behindErased).toBe(true);
  for (const value of ["acme.example", "0.example", "dana@acme.example"]) {
    expect(value > erasedMark && value < behindErased).toBe(false);
  }
});
