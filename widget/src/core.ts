/** Everything but the entry: one hashed file, whichever of the entry's names a page loaded. */
export { CadenzaPanel } from "./host/element.ts";
export { mount } from "./host/mount.ts";
