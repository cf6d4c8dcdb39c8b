/**
 * Merge templates: Liquid over a contact's values, plain text in and out. Called when a sequence is saved (problems),
 * when the tick fixes a message, and once more when a send is authorised. It must never depend on anything but its
 * arguments: the same source, values, instant and zone give the same text, or the same refusal, everywhere.
 */
import {
  AssignTag,
  type Context,
  type Emitter,
  Filter,
  Liquid,
  Context as LiquidContext,
  LiquidError,
  type Template,
  toValue,
  toValueSync,
  UndefinedVariableError,
  Value,
  type Variable,
} from "liquidjs";

/** A long mail is 5,000 characters; this leaves room for a pasted page and keeps parsing under a few milliseconds. */
export const maxTemplateLength = 20_000;
/** What one render may allocate, in characters and array items, all intermediate strings counted. */
const maxRenderMemory = 500_000;
/**
 * Tags, outputs and texts one render may visit. Counted, because liquidjs's own limit reads a clock: that would not be
 * the same twice, and a Worker's clock stands still while it computes, so that it would never strike.
 */
const maxRenderSteps = 20_000;
/** Nested tags. A fixed number, so that no template depends on how deep this runtime's stack is. */
const maxNesting = 40;
const maxValueLength = 2_000;
const maxListLength = 100;
const maxFields = 300;
const maxValueDepth = 5;
/** A shard sees a few hundred live steps at a time; parsing costs twice what rendering does. */
const maxCached = 500;

export type TemplateProblem = { message: string; line: number | null; column: number | null };

/** `missing` names the variable as the template's author wrote it: `contact.first_name`. */
export type Rendered =
  | { ok: true; text: string }
  | { ok: false; missing: string }
  | { ok: false; error: string };

/** What is wrong with a template, told when it is saved; empty when it is fine. */
export function templateProblems(source: string): TemplateProblem[] {
  const parsed = parse(source);
  if (!parsed.ok) return [parsed.problem];
  // Tried once with a word for every value: a loop without end is better found by its author than by every person.
  const tried = renderTemplate(source, sampleOf(parsed.paths) as object, 0, "UTC");
  const tooMuch = !tried.ok && "error" in tried && tried.error.startsWith(doesTooMuch) ? tried.error : null;
  return tooMuch === null ? [] : [{ message: tooMuch, line: null, column: null }];
}

/** The values a template reads, in full (`contact.first_name`), sorted; empty for one that does not parse. */
export function templateVariables(source: string): string[] {
  const parsed = parse(source);
  return parsed.ok ? [...new Set(parsed.variables.map(String))].sort() : [];
}

/** The same, as the names on the way to each value; a path that is worked out while rendering ends there. */
export function templatePaths(source: string): string[][] {
  const parsed = parse(source);
  if (!parsed.ok) return [];
  return parsed.variables.map(({ segments }) => {
    const end = segments.findIndex((segment) => typeof segment !== "string");
    return (end < 0 ? segments : segments.slice(0, end)) as string[];
  });
}

/** An undefined, null or blank value counts as missing unless the template says what to do (`default`, `if`). */
export function renderTemplate(source: string, values: object, at: number, zone: string): Rendered {
  const parsed = parse(source);
  if (!parsed.ok) return { ok: false, error: parsed.problem.message };
  const scope = pick(values, parsed.paths);
  const context = new LiquidContext(
    scope as object,
    { ...liquid.options, timezoneOffset: zone },
    { sync: true },
    {
      liquid,
      memoryLimit: counter("memory", maxRenderMemory),
      renderLimit: counter("steps", maxRenderSteps),
    },
  );
  context.setRegister(instantRegister, { at });
  try {
    return { ok: true, text: String(liquid.renderSync(parsed.templates, context)) };
  } catch (error) {
    const missing = missingVariable(error);
    return missing === null ? { ok: false, error: problemOf(error).message } : { ok: false, missing };
  }
}

/**
 * The part of `values` that these templates read: what is kept as a send's snapshot. Plain JSON, long strings clipped,
 * blanks left out. Rendering reads its values through this too, so a snapshot renders as the values themselves did.
 */
export function pickValues(sources: string[], values: object): object {
  const paths: Paths = { whole: false, fields: new Map() };
  for (const source of sources) {
    const parsed = parse(source);
    if (parsed.ok) for (const variable of parsed.variables) addPath(paths, variable);
  }
  return pick(values, paths) as object;
}

type Parsed =
  | { ok: true; templates: Template[]; variables: Variable[]; paths: Paths }
  | { ok: false; problem: TemplateProblem };

const cache = new Map<string, Parsed>();

function parse(source: string): Parsed {
  if (source.length > maxTemplateLength) {
    const message = `A template may hold ${maxTemplateLength} characters; this one has ${source.length}`;
    return { ok: false, problem: { message, line: null, column: null } };
  }
  const parsed = cache.get(source) ?? parseAnew(source);
  cache.delete(source);
  cache.set(source, parsed);
  if (cache.size > maxCached) cache.delete(cache.keys().next().value as string);
  return parsed;
}

function parseAnew(source: string): Parsed {
  try {
    const templates = liquid.parse(source);
    walk(templates, 1);
    const variables = Object.values(liquid.analyzeSync(templates, { partials: false }).globals).flat();
    const paths: Paths = { whole: false, fields: new Map() };
    for (const variable of variables) addPath(paths, variable);
    return { ok: true, templates, variables, paths };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

/** Refuses deep nesting, and lets `{{ x | capitalize | default: "y" }}` be as lenient as `{{ x | default: "y" }}`. */
function walk(templates: Template[], depth: number): void {
  if (depth > maxNesting) throw new Error(`Tags may be nested ${maxNesting} deep`);
  for (const template of templates) {
    for (const value of template.arguments?.() ?? []) {
      if (value instanceof Value && value.filters.slice(1).some((filter) => filter.name === "default")) {
        value.filters.unshift(lenient);
      }
    }
    if (template.children) walk(toValueSync(template.children(false, true)) as Template[], depth + 1);
  }
}

const instantRegister = "cadenza:instant";

/** What no template gets: files, markup for pages, chance, digests, and filters that hide names inside a string. */
const withoutTags = ["include", "render", "layout", "block", "tablerow"];
const withoutFilters = ["sample", "shuffle", "md5", "sha1", "sha256", "hmac_sha1", "hmac_sha256"];

function createLiquid(): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    dynamicPartials: false,
    templates: {},
    locale: "en-US",
    parseLimit: maxTemplateLength,
  });
  for (const tag of withoutTags) delete engine.tags[tag];
  engine.registerTag("assign", StrictAssign);
  for (const name of Object.keys(engine.filters)) {
    if (withoutFilters.includes(name) || name.endsWith("_exp")) delete engine.filters[name];
    else if (/^date(_|$)/.test(name))
      engine.registerFilter(name, frozenClock(engine.filters[name] as DateFilter));
  }
  const { renderer } = engine;
  const renderTemplates = renderer.renderTemplates.bind(renderer);
  renderer.renderTemplates = (templates, context, emitter) =>
    renderTemplates(templates, context, emitter ?? new TextEmitter(context));
  return engine;
}

type DateFilter = (this: { context: Context }, value: unknown, ...rest: unknown[]) => unknown;

/** `now` and `today` are the instant of the render; a date written without a zone is shown as it is written. */
function frozenClock(filter: DateFilter): DateFilter {
  return function (value, ...rest) {
    const { context } = this;
    const input = toValue(value);
    if (input === "now" || input === "today") {
      return filter.call(
        this,
        Math.floor(context.getRegister<{ at: number }>(instantRegister).at / 1000),
        ...rest,
      );
    }
    if (typeof input !== "string" || /(z|[+-]\d\d:?\d\d)$/i.test(input.trim()) || /^\d+$/.test(input)) {
      return filter.call(this, input, ...rest);
    }
    // A lone date is midnight UTC to JavaScript, a date with a time is local: each is read and shown in its own zone.
    const timezoneOffset = /^\d{4}-\d\d-\d\d$/.test(input) ? 0 : undefined;
    const asWritten = Object.create(context, {
      opts: { value: { ...context.opts, timezoneOffset } },
    }) as Context;
    return filter.call({ ...this, context: asWritten }, input, ...rest);
  };
}

/** Every text a render makes, captures included, is charged to its memory; a value that is not text is refused. */
class TextEmitter implements Emitter {
  buffer = "";
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  write(output: unknown): void {
    const value = toValue(output);
    if (value === undefined || value === null) throw new NothingToPrint();
    if (typeof value === "object" && !Array.isArray(value))
      throw new Error("This is a group of fields, not a text");
    const text = Array.isArray(value) ? value.join("") : String(value);
    this.context.memoryLimit.use(text.length);
    this.buffer += text;
  }
}

/** `{{ list | first }}` of an empty list: liquidjs would print nothing. */
class NothingToPrint extends Error {}

/** `{% assign x = contact.title %}` with no title leaves x undefined, so that a later `{{ x | upcase }}` is caught. */
class StrictAssign extends AssignTag {
  override *render(context: Context): Generator<unknown, void, unknown> {
    yield* super.render(context);
    const scope = context.bottom() as Record<string, unknown>;
    const name = (this as unknown as { key: string }).key;
    scope[name] ??= undefined;
  }
}

const liquid = createLiquid();
/** liquidjs is lenient where the *first* filter is called `default`: this one is, and does nothing. */
const lenient = new Filter({ name: "default", args: [] } as never, (value: unknown) => value, liquid);

type Limiter = Context["memoryLimit"];
const doesTooMuch = "The template does too much";

function counter(what: "memory" | "steps", limit: number): Limiter {
  let used = 0;
  const use = (count: number) => {
    if (count > 0) used += count;
    if (used > limit) throw new Error(`${doesTooMuch} (${what} limit exceeded)`);
  };
  return { use, check: () => use(1) } as unknown as Limiter;
}

function missingVariable(error: unknown): string | null {
  if (!LiquidError.is(error)) return null;
  if (error instanceof UndefinedVariableError || error.name === "UndefinedVariableError") {
    return error.token.getText().trim();
  }
  if (!(error.originalError instanceof NothingToPrint)) return null;
  const output = error.token.getText().replace(/^\{[{%]-?\s*(echo\s)?|-?[}%]\}$/g, "");
  return (output.split("|")[0] ?? output).trim();
}

function problemOf(error: unknown): TemplateProblem {
  if (error instanceof RangeError)
    return { message: "The template is nested too deeply", line: null, column: null };
  if (!LiquidError.is(error)) return { message: String((error as Error).message), line: null, column: null };
  const [line, column] = error.token.getPosition();
  const message = error.message.replace(/, line:\d+(, col:\d+)?$/, "");
  return { message: `${message} (line ${line})`, line: line ?? null, column: column ?? null };
}

/** Which values are read: a tree of field names; `whole` where a value is used as such, or in a way unknown yet. */
type Paths = { whole: boolean; fields: Map<string, Paths> };

function addPath(paths: Paths, variable: Variable): void {
  let node = paths;
  for (const segment of variable.segments) {
    if (typeof segment !== "string") break;
    let next = node.fields.get(segment);
    if (!next) {
      next = { whole: false, fields: new Map() };
      node.fields.set(segment, next);
    }
    node = next;
  }
  node.whole = true;
  for (const segment of variable.segments) {
    if (typeof segment !== "string" && typeof segment !== "number") addPath(paths, segment);
  }
}

/** A word at the end of every path, as deep as values go. */
const sampleOf = ({ fields }: Paths, depth = maxValueDepth): unknown =>
  fields.size && depth > 0
    ? Object.fromEntries([...fields].map(([name, inner]) => [name, sampleOf(inner, depth - 1)]))
    : "x";

function pick(value: unknown, paths: Paths): unknown {
  if (paths.whole || !isRecord(value)) return plain(value, maxValueDepth);
  const fields: [string, unknown][] = [];
  for (const [name, inner] of paths.fields) {
    if (!Object.hasOwn(value, name)) continue;
    const picked = pick(value[name], inner);
    if (picked !== undefined) fields.push([name, picked]);
  }
  return Object.fromEntries(fields);
}

/** The value as JSON would give it back, bounded; undefined for what counts as missing. */
function plain(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.trim() === "" ? undefined : clip(value);
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : undefined;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) {
    const items = value.slice(0, maxListLength).map((item) => plain(item, depth - 1));
    return items.filter((item) => item !== undefined);
  }
  if (!isRecord(value)) return undefined;
  const fields = Object.entries(value)
    .slice(0, maxFields)
    .map(([name, field]) => [name, plain(field, depth - 1)] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

/** Never cuts a surrogate pair in two. */
function clip(text: string): string {
  if (text.length <= maxValueLength) return text;
  const clipped = text.slice(0, maxValueLength);
  return /[\ud800-\udbff]$/.test(clipped) ? clipped.slice(0, -1) : clipped;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
