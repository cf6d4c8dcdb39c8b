/**
 * What the custom elements have in common: they read their attributes, fetch what they show, open it in their shadow
 * root and close it again. Whatever fails is inside: an element never throws into the host's page.
 */

/** So that the module can be imported where there is no DOM: by a server that renders, by a test. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

export type Shown<Options> = { update(options: Options): void; refresh(): unknown; close(): void };

// biome-ignore lint/suspicious/noExplicitAny: each element has events of its own
type Tell = (name: any, detail: any) => void;

/** Of both elements: each option that is text, by its name in kebab case. */
const attributes =
  "app token api locale entity-type entity-id system contact-id email sequence-id at-home".split(" ");

/** @param fetch what is shown, given options: the attributes, over which those set go. */
export function elementOf<Options>(
  fetch: () => Promise<(root: ShadowRoot, options: Options, tell: Tell) => Shown<Options>>,
) {
  return class CadenzaElement extends Base {
    static readonly observedAttributes = attributes;

    #shown: Promise<Shown<Options>> | null = null;
    #given: Partial<Options> = {};
    #isPlanned = false;

    connectedCallback(): void {
      // Set before the element was known to the browser: it would stand before the setter for good.
      const { options } = this as { options?: Partial<Options> };
      if (options) {
        delete (this as { options?: unknown }).options;
        this.options = options;
      }
      this.#plan();
    }
    disconnectedCallback(): void {
      this.#plan();
    }
    attributeChangedCallback(): void {
      this.#plan();
    }

    /** What has no attribute, or is not text: `getToken`, `client`, `person`. What is left out stays as it was. */
    set options(given: Partial<Options>) {
      this.#given = { ...this.#given, ...given };
      this.#plan();
    }

    /** Looks again at what it shows, say after the host changed the record. */
    refresh(): void {
      this.#shown?.then((shown) => shown.refresh());
    }

    /** Once for all attributes set in one go; and an element that is only moved is not closed. */
    #plan(): void {
      if (this.#isPlanned) return;
      this.#isPlanned = true;
      queueMicrotask(() => {
        this.#isPlanned = false;
        this.#follow();
      });
    }

    #follow(): void {
      if (!this.isConnected) {
        this.#shown?.then((shown) => shown.close());
        this.#shown = null;
        return;
      }
      const named = attributes.map((name) => [
        name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
        this.getAttribute(name) ?? undefined,
      ]);
      const options = { ...Object.fromEntries(named), ...this.#given };
      if (this.#shown) {
        this.#shown.then((shown) => shown.update(options));
        return;
      }
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      const tell: Tell = (name, detail) =>
        this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
      const shown = fetch().then((open) => {
        root.textContent = "";
        return open(root, options, tell);
      });
      this.#shown = shown;
      shown.catch((error) => {
        this.#shown = null;
        root.textContent = "Cadenza cannot be reached.";
        tell("cadenza:error", { code: "unreachable", detail: String(error) });
        addEventListener("online", () => this.#plan(), { once: true });
      });
    }
  };
}
