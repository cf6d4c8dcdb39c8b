/**
 * What runs in our own frame, for hosts that let no foreign script in: the panel, and the conversation with the page it
 * stands in. It listens to that page alone: a window that opened this one, a frame beside it or a page of another origin
 * is no host. The session stays in here; the host hears who signed in, the panel's events and how tall it is.
 */
import type { CadenzaEventName } from "../events.ts";
import { type Mounted, mount } from "../widget.ts";
import { type Entered, openFrameSession, type Problem } from "./frame-session.ts";
import { type Look, lookIn } from "./look.ts";

const main = document.querySelector("main")!;
const who = document.getElementById("who")!;
const what = document.getElementById("what")!;
const origins = main.dataset.origins!.split(" ");
const isFramed = window.parent !== window;

/** The page around, from the first token it sent: what is told is told to that origin and no other. */
let host = "";
let look: Look = lookIn(Object.fromEntries(queryNames()));
let entered: Entered | null = null;
let panel: Mounted | null = null;
wear();

function* queryNames(): Iterable<[string, string]> {
  for (const [name, value] of new URLSearchParams(location.search)) {
    yield [name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()), value];
  }
}

const tell = (type: string, rest: object = {}): void => window.parent.postMessage({ type, ...rest }, host);

const session = openFrameSession({
  entered(next) {
    // Another person: nothing of what the first one saw or typed stays.
    if (entered && entered.member.id !== next.member.id) closePanel();
    entered = next;
    const { member, workspace, expiresAt } = next;
    tell("cadenza:signed-in", { member, workspace, expiresAt });
    draw();
  },
  spent() {
    if (!panel) say("waiting", "Waiting for the page around this one to say again who you are.");
    tell("cadenza:token-needed");
  },
  refused({ code, detail }: Problem) {
    // Of what will pass the panel says so itself, over what it knows.
    if (code !== "unreachable" || !panel) {
      closePanel();
      say("refused", "You are not signed in to Cadenza.", detail);
    }
    tell("cadenza:refused", { code, detail });
  },
});

function draw(): void {
  if (!entered) return;
  const { member, workspace } = entered;
  const test = workspace.test ? " (test: nothing leaves)" : "";
  if (!look.record) {
    say("signed-in", member.name, `Signed in to ${workspace.name}${test} as ${member.role}.`);
    return;
  }
  const { style: _, ...options } = look;
  say("panel", "", test && `${workspace.name}${test}`);
  if (panel) {
    panel.update(options);
    return;
  }
  panel = mount(main, { ...options, client: session.client });
  for (const [event, type] of Object.entries(toldAs)) {
    panel.element.addEventListener(event as CadenzaEventName, ({ detail }) => tell(type, { detail }));
  }
}

/** The panel's events go on under their names; that it is ready is told apart from the frame's own being so. */
const toldAs: Record<Exclude<CadenzaEventName, "cadenza:token-needed">, string> = {
  "cadenza:ready": "cadenza:shown",
  "cadenza:enrolled": "cadenza:enrolled",
  "cadenza:paused": "cadenza:paused",
  "cadenza:resumed": "cadenza:resumed",
  "cadenza:canceled": "cadenza:canceled",
  "cadenza:task-done": "cadenza:task-done",
  "cadenza:error": "cadenza:error",
};

/** By script and not by an attribute: the frame's policy lets in no style of anybody's. */
function wear(): void {
  const { style } = document.documentElement;
  for (const [property, value] of Object.entries(look.style ?? {})) style.setProperty(property, value);
}

function closePanel(): void {
  panel?.unmount();
  panel = null;
}

function say(state: string, first: string, second = ""): void {
  main.dataset.state = state;
  for (const [element, text] of [
    [who, first],
    [what, second],
  ] as const) {
    element.textContent = text;
    element.hidden = text === "";
  }
}

addEventListener("message", ({ source, origin, data }) => {
  if (!isFramed || source !== window.parent || !origins.includes(origin)) return;
  const isToken = data?.type === "cadenza:token" && typeof data.token === "string";
  if (!isToken && data?.type !== "cadenza:record") return;
  look = { ...look, ...lookIn(data) };
  wear();
  if (isToken) {
    host = origin;
    session.offer(data.token, origin);
  }
  draw();
});

new ResizeObserver(() => {
  const { height } = document.documentElement.getBoundingClientRect();
  if (host) tell("cadenza:height", { height: Math.ceil(height) });
}).observe(main);

if (isFramed) window.parent.postMessage({ type: "cadenza:ready" }, "*");
else say("refused", "This belongs into a page of your CRM.", "Open it there.");
