/** The readers for www.linkedin.com, in the order they are asked. */
import type { Reader } from "./facts.ts";
import { linkedinCompany } from "./linkedin-company.ts";
import { linkedinProfile } from "./linkedin-profile.ts";
import { linkedinSearch } from "./linkedin-search.ts";

export const linkedinReaders: readonly Reader[] = [linkedinProfile, linkedinSearch, linkedinCompany];
