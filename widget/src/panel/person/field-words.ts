/** What fields of a person are called, and what is wrong with what was typed into one. */
import { type Gap, type GapField, ownFieldName } from "./gap.ts";

const en = {
  fields: {
    firstName: "First name",
    lastName: "Last name",
    title: "Job title",
    phone: "Phone",
    country: "Country",
    linkedinUrl: "LinkedIn profile",
    email: "Email address",
    companyName: "Company",
    domain: "Company’s domain",
    dealName: "Name of the deal",
  } as Record<GapField, string>,
  wrong: {
    empty: "Write something here first.",
    email: "Write an address, like dana@example.com.",
    link: "Write the whole link: https://…",
    country: "Write its two letters, like PT.",
  },
  changedMeanwhile: "Somebody changed this record at the same time; it has been read again.",
};

const de: typeof en = {
  fields: {
    firstName: "Vorname",
    lastName: "Nachname",
    title: "Position",
    phone: "Telefon",
    country: "Land",
    linkedinUrl: "LinkedIn-Profil",
    email: "E-Mail-Adresse",
    companyName: "Firma",
    domain: "Domain der Firma",
    dealName: "Name des Deals",
  },
  wrong: {
    empty: "Bitte füllen Sie dieses Feld aus.",
    email: "Bitte eine Adresse wie dana@example.com angeben.",
    link: "Bitte den ganzen Link angeben: https://…",
    country: "Bitte die zwei Buchstaben angeben, etwa PT.",
  },
  changedMeanwhile: "Jemand hat diesen Datensatz gleichzeitig geändert; er wurde neu gelesen.",
};

const es: typeof en = {
  fields: {
    firstName: "Nombre",
    lastName: "Apellidos",
    title: "Cargo",
    phone: "Teléfono",
    country: "País",
    linkedinUrl: "Perfil de LinkedIn",
    email: "Correo electrónico",
    companyName: "Empresa",
    domain: "Dominio de la empresa",
    dealName: "Nombre del negocio",
  },
  wrong: {
    empty: "Rellene este campo.",
    email: "Escriba una dirección como dana@example.com.",
    link: "Escriba el enlace completo: https://…",
    country: "Escriba sus dos letras, por ejemplo PT.",
  },
  changedMeanwhile: "Alguien ha modificado este registro al mismo tiempo; se ha vuelto a leer.",
};

const fr: typeof en = {
  fields: {
    firstName: "Prénom",
    lastName: "Nom",
    title: "Fonction",
    phone: "Téléphone",
    country: "Pays",
    linkedinUrl: "Profil LinkedIn",
    email: "Adresse e-mail",
    companyName: "Entreprise",
    domain: "Domaine de l’entreprise",
    dealName: "Nom de l’affaire",
  },
  wrong: {
    empty: "Veuillez remplir ce champ.",
    email: "Indiquez une adresse comme dana@example.com.",
    link: "Indiquez le lien complet : https://…",
    country: "Indiquez ses deux lettres, par exemple PT.",
  },
  changedMeanwhile: "Quelqu’un a modifié cette fiche en même temps ; elle a été relue.",
};

export const fieldTexts = { en, de, es, fr };

/** A field of the workspace's own is called by its key. */
export const nameOfGap = ({ field }: Gap, { fields }: typeof en): string =>
  typeof field === "string" ? fields[field] : ownFieldName(field.custom);
