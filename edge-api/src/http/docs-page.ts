/**
 * The API for people: one page drawn from the OpenAPI document, without a script. It shows what the document holds
 * and adds nothing to it.
 */
import { permissions } from "@cadenza/shared/access";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { problems } from "@cadenza/shared/problem";
import type { RouteName } from "@cadenza/shared/routes";
import { escapeHtml } from "../domain/message.ts";
import { descriptionOf, type Field, fieldsOf, limitsOf, typeOf } from "./docs-fields.ts";
import { docsStyle } from "./docs-style.ts";
import type { JsonSchema, OpenApi, Operation } from "./openapi.ts";

export function renderDocs(document: OpenApi): string {
  const groups = document.tags.map(({ name }) => ({ name, operations: operationsOf(document, name) }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(document.info.title)} API</title>
<style>${docsStyle}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the routes</a>
<nav aria-label="Resources">
<p class="brand"><a href="#top">${escapeHtml(document.info.title)} API</a></p>
<ul>${groups.map(renderGroupLink).join("")}<li><a href="#refusals">Refusals</a></li></ul>
</nav>
<main id="main">
<header id="top">
<h1>${escapeHtml(document.info.title)} API</h1>
${document.info.description
  .split("\n")
  .filter(Boolean)
  .map((text) => `<p>${prose(text)}</p>`)
  .join("\n")}
<p>Server <code>${escapeHtml(document.servers[0]?.url ?? "")}</code>. For machines: <a href="/openapi.json">openapi.json</a>.</p>
</header>
${groups.map((group) => renderGroup(document, group)).join("\n")}
${renderRefusals()}
</main>
</body>
</html>`;
}

type Place = { path: string; method: string; operation: Operation };
type Group = { name: string; operations: Place[] };

const operationsOf = (document: OpenApi, tag: string): Place[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

const renderGroupLink = ({ name, operations }: Group): string => `<li><a href="#${name}">${title(name)}</a>
<ul>${operations.map(({ operation }) => `<li><a href="#${operation.operationId}">${escapeHtml(operation.summary)}</a></li>`).join("")}</ul></li>`;

const renderGroup = (document: OpenApi, { name, operations }: Group): string => `
<section aria-labelledby="${name}">
<h2 id="${name}">${title(name)}</h2>
${operations.map((place) => renderOperation(document, place)).join("\n")}
</section>`;

function renderOperation(document: OpenApi, { path, method, operation }: Place): string {
  const { operationId, summary, description } = operation;
  const of = (where: string) =>
    operation.parameters
      .filter((parameter) => parameter.in === where)
      .map(
        ({ name, schema, description, required }): Field => ({
          name,
          type: typeOf(schema),
          limits: limitsOf(schema),
          required,
          description: description ?? descriptionOf(schema, document.components.schemas),
        }),
      );
  return `<article id="${operationId}" aria-labelledby="${operationId}-name">
<h3 id="${operationId}-name"><a href="#${operationId}">${escapeHtml(summary)}</a></h3>
<p class="route"><b>${method}</b> <code>${breakable(path)}</code></p>
<p>${prose(description)}</p>
<p class="soft">${accessOf(operation)}</p>
${renderFields("Query", of("query"))}
${renderFields("Headers", of("header"))}
${renderRequest(document, operation)}
${renderAnswers(document, operation)}
${renderCodes(operation)}
</article>`;
}

function accessOf({ operationId }: Operation): string {
  const { access } = contracts[operationId as RouteName] as Contract;
  if (access === "public") return "Open to everybody.";
  if (access === "service") return "Needs the operator’s service token.";
  const { scope, leastRole } = permissions[access];
  const person = leastRole && `the role <code>${leastRole}</code> or a stronger one`;
  const key = scope && `a key with the scope <code>${scope}</code>`;
  return `Needs ${[person, key].filter(Boolean).join(", or ")}.`;
}

function renderRequest(document: OpenApi, { requestBody }: Operation): string {
  const [[type, content] = []] = Object.entries(requestBody?.content ?? {});
  if (!type || !content) return "";
  if (type !== "application/json")
    return `<h4>Body</h4><p>The bytes as they are, as <code>${type}</code>.</p>`;
  const fields = fieldsOf(content.schema, document.components.schemas);
  return (
    renderFields(requestBody?.required ? "Body" : "Body, may be left out", fields) +
    renderExample(content.example)
  );
}

function renderAnswers(document: OpenApi, { responses }: Operation): string {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .map(([status, { content }]) => {
      const json = content?.["application/json"];
      if (!json) return `<h4>Answer ${status}</h4><p>Without a body.</p>`;
      const fields = fieldsOf(json.schema as JsonSchema, document.components.schemas);
      return `<details><summary>Answer ${status}</summary>${renderFields("", fields)}${renderExample(json.example)}</details>`;
    })
    .join("");
}

function renderCodes(operation: Operation): string {
  const codes = operation["x-problems"].map(
    (code) =>
      `<li><a href="#${code}"><code>${code}</code></a> <span class="soft">${problems[code].status}</span></li>`,
  );
  return `<details><summary>Refusals</summary><ul class="codes">${codes.join("")}</ul></details>`;
}

function renderFields(heading: string, fields: Field[]): string {
  if (!fields.length) return "";
  const rows = fields.map(
    ({ name, type, limits, required, description }) =>
      `<li><code>${breakable(name)}</code> <span class="soft">${escapeHtml(limits ? `${type}, ${limits}` : type)}</span>${required ? ` <em>required</em>` : ""}` +
      `${description ? `<p class="soft">${prose(description)}</p>` : ""}</li>`,
  );
  return `${heading && `<h4>${heading}</h4>`}<ul class="fields">${rows.join("")}</ul>`;
}

const renderExample = (example: unknown): string =>
  example === undefined
    ? ""
    : `<pre tabindex="0" aria-label="Example"><code>${escapeHtml(JSON.stringify(example, null, 2))}</code></pre>`;

function renderRefusals(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title }]) =>
      `<dt id="${code}"><code>${code}</code> <span class="soft">${status}</span></dt><dd>${escapeHtml(title)}.</dd>`,
  );
  return `<section aria-labelledby="refusals"><h2 id="refusals">Refusals</h2>
<p>Every refusal is <code>application/problem+json</code>. Act on <code>code</code>: it never changes.</p>
<dl class="two">${rows.join("")}</dl></section>`;
}

const titles: Record<string, string> = { apiKeys: "API keys", embedApps: "Host apps" };
const title = (tag: string): string => titles[tag] ?? tag.charAt(0).toUpperCase() + tag.slice(1);

/** Escaped, with `code` and **bold**: all that the contracts' sentences use. */
const prose = (text: string): string =>
  escapeHtml(text)
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>");

/** A long path may break after a slash or a dot, at 320 px too. */
const breakable = (text: string): string => escapeHtml(text).replace(/([/.])(?=.)/g, "$1<wbr>");
