/** `pnpm read-page`: what the extension's readers find on a saved page, as one JSON object on stdout. */
import { argumentsOf, helpOption, Refusal, run } from "../../edge-api/scripts/command-line.ts";
import { openPageBrowser } from "./page-browser.ts";
import { readSavedPage, webAddress } from "./saved-page.ts";

const usage = `pnpm read-page FILE.html --url URL

  FILE.html  a saved page
  --url URL  the address it was saved from, which decides who reads it

Prints one JSON object in the form of the "expect" of extension/tests/pages/*/expected.json.`;

await run(async () => {
  const { values, positionals } = argumentsOf(process.argv.slice(2), {
    url: { type: "string" },
    ...helpOption,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [file, ...more] = positionals;
  if (!file || more.length > 0 || !values.url) throw new Refusal(usage);
  const address = webAddress(values.url);
  const html = readSavedPage(file);
  const browser = await openPageBrowser();
  try {
    const found = await browser.read(html, address);
    console.log(JSON.stringify(found, null, process.stdout.isTTY ? 2 : 0));
  } finally {
    await browser.close();
  }
  return 0;
});
