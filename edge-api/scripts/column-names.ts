/** The fields a column can fill, and the names exports give them, in the languages they come in. Pure. */

/** Compared without case, accents, spaces and marks. */
export const fieldNames = {
  email: [
    ...["email", "emailaddress", "mail", "workemail", "primaryemail", "contactemail", "businessemail"],
    ...[
      "emailadresse",
      "mailadresse",
      "correo",
      "correoelectronico",
      "courriel",
      "adresseemail",
      "adressemail",
    ],
  ],
  otherEmails: [
    ...["otheremails", "additionalemails", "additionalemailaddresses"],
    ...["secondaryemail", "otheremail", "email2"],
  ],
  firstName: ["firstname", "givenname", "forename", "first", "vorname", "prenom", "nombre", "primeironome"],
  lastName: [
    ...["lastname", "surname", "familyname", "last", "nachname", "familienname"],
    ...["nomdefamille", "apellido", "apellidos", "sobrenome", "apelido", "cognome"],
  ],
  name: [
    ...["name", "fullname", "contactname", "contact", "ansprechpartner", "kontakt"],
    ...["nom", "nomcomplet", "nombrecompleto", "nome", "nomecompleto"],
  ],
  companyName: [
    ...[
      "company",
      "companyname",
      "account",
      "accountname",
      "organization",
      "organisation",
      "associatedcompany",
    ],
    ...["employer", "firma", "firmenname", "unternehmen", "entreprise", "societe", "empresa", "compania"],
  ],
  title: [
    ...["title", "jobtitle", "position", "role", "jobposition"],
    ...["funktion", "fonction", "poste", "cargo", "puesto"],
  ],
  phone: [
    ...["phone", "phonenumber", "telephone", "tel", "businessphone", "workphone"],
    ...["mobile", "mobilephone", "mobilephonenumber", "telefon", "telefonnummer", "handy", "mobil"],
    ...["telefono", "movil", "portable", "telefone", "telemovel"],
  ],
  timeZone: [
    "timezone",
    "tz",
    "iana",
    "ianatimezone",
    "zeitzone",
    "zonahoraria",
    "fuseauhoraire",
    "fusohorario",
  ],
  country: ["country", "countryregion", "countrycode", "mailingcountry", "land", "pais", "pays"],
  locale: ["locale", "language", "preferredlanguage", "sprache", "idioma", "langue"],
  linkedinUrl: ["linkedin", "linkedinurl", "linkedinprofile", "linkedinbio", "personlinkedinurl"],
  kind: ["kind", "type", "contacttype", "recordtype"],
  reference: ["recordid", "externalid", "externalreference", "contactid", "id", "hubspotid", "salesforceid"],
} as const;
export type Field = keyof typeof fieldNames;

export const plain = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** Which half of a name a column holds whose name says "name" alone, by the column beside it; null elsewhere. */
export function partOfName(name: string, header: string[]): Field | null {
  const has = (...names: string[]) => header.some((one) => names.includes(plain(one)));
  if (["name", "nom"].includes(plain(name)) && has("vorname", "prenom")) return "lastName";
  return plain(name) === "nome" && has("sobrenome", "apelido", "cognome") ? "firstName" : null;
}

/** By its plain name; a field's own name is one, too. */
export const fieldOf = new Map<string, Field>(
  (Object.keys(fieldNames) as Field[]).flatMap((field) =>
    [plain(field), ...fieldNames[field]].map((name) => [name, field] as const),
  ),
);

/** As `--map` takes them. */
export const fieldList = Object.keys(fieldNames)
  .map((field) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
  .join(", ");
