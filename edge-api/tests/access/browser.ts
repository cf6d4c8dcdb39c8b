/** A browser as far as pages without a script need one: it keeps cookies, sends forms, and says which page it is on. */
type App = { fetch(request: Request): Promise<Response> };

export const origin = "https://cadenza.test";

export type Shown = { status: number; text: string; location: string | null; headers: Headers };
export type Browser = {
  cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Shown>;
  post(path: string, form?: Form, headers?: Record<string, string>): Promise<Shown>;
  /** The same, and where its answer leads. */
  submit(path: string, form?: Form): Promise<Shown>;
};
/** As pairs where a field comes several times. */
export type Form = Record<string, string> | [name: string, value: string][];

export function openBrowser(app: App, from: { cookie?: string; ip?: string } = {}): Browser {
  const cookies = new Map<string, string>();
  for (const pair of from.cookie?.split("; ") ?? []) {
    const [name = "", ...value] = pair.split("=");
    cookies.set(name, value.join("="));
  }
  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    form?: URLSearchParams,
  ) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await app.fetch(
      new Request(new URL(path, origin), {
        method,
        redirect: "manual",
        headers: {
          accept: "text/html",
          ...(from.ip && { "cf-connecting-ip": from.ip }),
          ...(cookie && { cookie }),
          ...(method === "POST" && {
            origin,
            "sec-fetch-site": "same-origin",
            "content-type": "application/x-www-form-urlencoded",
          }),
          ...headers,
        },
        body: form?.toString() ?? null,
      }),
    );
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = line.split(";")[0]!.split(/=(.*)/);
      if (/max-age=0/i.test(line) || value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get("location");
    return { status: response.status, text: await response.text(), location, headers: response.headers };
  };
  const browser: Browser = {
    cookies,
    get: (path, headers = {}) => ask("GET", path, headers),
    post: (path, form = {}, headers = {}) => ask("POST", path, headers, new URLSearchParams(form)),
    submit: async (path, form) => {
      const answered = await browser.post(path, form);
      return answered.location === null ? answered : browser.get(answered.location);
    },
  };
  return browser;
}

/** What a page says, without its tags. */
export const wordsOf = ({ text }: Pick<Shown, "text">): string =>
  text
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
