/** Before all tests: the panel's files are there, as the Worker serves them and browsers load them. */
export { ensureBuilt as default } from "../widget/build.ts";
