/** Saving by itself, against a server that answers as the real one does: late, refusing, or with another's revision. */
import type { Client } from "@cadenza/shared/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changeStep, insertStep, newStep, type Sequence } from "./draft.ts";
import { type Editing, openEditing, undoMs } from "./editing.ts";

type Body = { name?: string; steps?: { id?: number; body?: string }[] };
type Asked = { name: string; ifMatch?: number; body?: Body };

const first = {
  ...{ id: "seq_1", name: "New lead", status: "draft", rev: 1, scheduleId: null, mailboxId: null },
  steps: [
    {
      ...{ id: 1, name: "Intro", type: "email_auto", subject: "Hi", body: "Hello" },
      delay: { amount: 0, unit: "minutes" },
    },
  ],
} as unknown as Sequence;

let server: Sequence;
let asked: Asked[];
let answer: ((request: Asked) => Promise<void> | void) | null;
let merged: number;

const problem = (code: string, errors: object[] = []) =>
  Object.assign(new Error(code), { problem: { code, detail: `${code}.`, errors } });

/** Keeps the revision, gives ids, refuses an older revision. */
const client = (async (name: string, request: { ifMatch?: number; body?: Body }) => {
  const one = { name, ...request };
  asked.push(one);
  await answer?.(one);
  if (name === "sequences.get") return structuredClone(server);
  if (request.ifMatch !== server.rev) throw problem("revision_conflict");
  let next = 10 + server.rev;
  const steps = request.body?.steps?.map((step) => ({ ...step, id: step.id ?? next++ })) ?? server.steps;
  server = { ...server, ...request.body, steps, rev: server.rev + 1 } as Sequence;
  return structuredClone(server);
}) as unknown as Client;

function open(): Editing {
  return openEditing(structuredClone(server), {
    client: () => client,
    nameOf: () => "Email",
    merged: () => merged++,
  });
}

const rest = () => vi.advanceTimersByTimeAsync(1_000);
const write = (editing: Editing, body: string, key = "s1") =>
  editing.change((draft) => changeStep(draft, key, { body }));

beforeEach(() => {
  vi.useFakeTimers();
  [server, asked, answer, merged] = [structuredClone(first), [], null, 0];
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a sequence being edited", () => {
  it("is saved once the typing rests, over the revision that was seen, with what changed", async () => {
    const editing = open();
    write(editing, "Hell");
    write(editing, "Hello you");
    expect(editing.state.is).toBe("unsaved");
    await rest();
    expect(editing.state.is).toBe("saved");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ name: "sequences.update", ifMatch: 1 });
    expect(asked[0]!.body).not.toHaveProperty("name");
    expect(server.steps[0]!.body).toBe("Hello you");
  });

  it("saves what was typed while it was saving, and knows a new step by the id it was given", async () => {
    const editing = open();
    const step = newStep("email_auto", false, "New");
    editing.change((draft) => insertStep(draft, step));
    answer = () => {
      answer = null;
      write(editing, "Meanwhile", step.key);
    };
    await rest();
    expect(editing.state.is).toBe("saved");
    expect(server.steps.map(({ id, body }) => [id, body])).toEqual([
      [1, "Hello"],
      [11, "Meanwhile"],
    ]);
    expect(editing.draft.steps[1]).toMatchObject({ key: step.key, id: 11 });
  });

  it("says that it is not saved, keeps what was typed, and tries again once the server is back", async () => {
    const editing = open();
    answer = () => {
      throw new TypeError("Failed to fetch");
    };
    write(editing, "Kept");
    await rest();
    expect(editing.state).toMatchObject({ is: "failed", failure: { code: "unreachable" } });
    expect(editing.draft.steps[0]!.body).toBe("Kept");
    answer = null;
    await vi.advanceTimersByTimeAsync(6_000);
    expect([editing.state.is, server.steps[0]!.body]).toEqual(["saved", "Kept"]);
  });

  it("ties a refusal to its field until that reads otherwise", async () => {
    const editing = open();
    answer = () => {
      throw problem("invalid_request", [{ pointer: "/steps/0/body", detail: "No such field." }]);
    };
    write(editing, "{{ nobody }}");
    await rest();
    expect(editing.refused).toMatchObject([{ key: "s1", field: "body", detail: "No such field." }]);
    answer = null;
    write(editing, "Mended");
    expect(editing.refused).toEqual([]);
    await rest();
    expect(editing.state.is).toBe("saved");
  });

  it("puts both changes together when somebody else was first", async () => {
    const editing = open();
    server = { ...server, name: "Renamed", rev: 2 };
    write(editing, "Mine");
    await rest();
    expect([editing.state.is, merged]).toEqual(["saved", 1]);
    expect(server).toMatchObject({ name: "Renamed", rev: 3, steps: [{ body: "Mine" }] });
  });

  it("saves nothing over the same text of somebody else before a person chose", async () => {
    for (const which of ["mine", "theirs"] as const) {
      server = structuredClone(first);
      const editing = open();
      server = { ...server, rev: 2, steps: [{ ...server.steps[0]!, body: "Theirs" }] } as Sequence;
      write(editing, "Mine");
      await rest();
      expect(editing.state).toMatchObject({ is: "clashed", clashes: [{ mine: "Mine", theirs: "Theirs" }] });
      expect(server.steps[0]!.body).toBe("Theirs");
      write(editing, "Mine, longer");
      await rest();
      expect(server.steps[0]!.body).toBe("Theirs");
      if (editing.state.is !== "clashed") throw new Error("it waits for a choice");
      editing.settle(editing.state.clashes[0]!, which);
      await rest();
      expect(editing.state.is).toBe("saved");
      expect(server.steps[0]!.body).toBe(which === "mine" ? "Mine, longer" : "Theirs");
    }
  });

  it("gives a deleted step back whole, and deletes it for the server only when the undo is over", async () => {
    const editing = open();
    const undo = editing.remove("s1");
    expect(editing.draft.steps).toEqual([]);
    await rest();
    undo();
    expect(editing.draft.steps).toMatchObject([{ id: 1, body: "Hello" }]);
    editing.remove("s1");
    editing.change((draft) => ({ ...draft, name: "Other" }));
    await rest();
    expect(server).toMatchObject({ name: "Other", steps: [{ id: 1 }] });
    await vi.advanceTimersByTimeAsync(undoMs + 1_000);
    expect([server.steps, editing.state.is]).toEqual([[], "saved"]);
  });

  it("is not asked to be saved with a wait that is none, and is when it is mended", async () => {
    const editing = open();
    const wait = (amount: number) =>
      editing.change((draft) => changeStep(draft, "s1", { delay: { amount, unit: "days" } }));
    wait(Number.NaN);
    await rest();
    expect([editing.state.is, asked]).toEqual(["unsavable", []]);
    wait(3);
    await rest();
    expect(editing.state.is).toBe("saved");
  });

  it("takes what the server says it is now, unless something is not saved yet", async () => {
    const editing = open();
    editing.learn({ ...first, name: "Renamed", rev: 2 });
    expect(editing.draft.name).toBe("Renamed");
    write(editing, "Mine");
    editing.learn({ ...first, name: "Renamed", status: "paused", rev: 3 } as Sequence);
    server = { ...server, name: "Renamed", rev: 3 };
    expect([editing.sequence.status, editing.draft.steps[0]!.body]).toEqual(["paused", "Mine"]);
    expect(await editing.flush()).toBe(true);
    expect(asked).toMatchObject([{ name: "sequences.update", ifMatch: 3 }]);
  });
});
