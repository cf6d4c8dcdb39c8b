/** Tells a job's title from what else stands in a signature. A word list, since a title has no form of its own. */
import { folded } from "./text.ts";

/** "VP Operations", "Leiterin Einkauf", "Directeur commercial"; not "Contoso Labs", "Berlin" or a sentence. */
export function looksLikeTitle(text: string): boolean {
  const words = folded(text).split(" ");
  return (
    text.length <= 100 &&
    words.length <= 12 &&
    words.some((word) => titleWords.has(word) || titleEnds.test(word))
  );
}

/** What may follow a title behind a comma and is no company: "Director, Product Marketing", "Sales Manager, EMEA". */
export function looksLikeDepartment(text: string): boolean {
  return folded(text)
    .split(" ")
    .every((word) => departmentWords.has(word) || titleWords.has(word));
}

const setOf = (...lines: string[]) => new Set(lines.join(" ").split(" "));

const titleWords = setOf(
  "account accountant administrator advisor adviser advocate analyst architect assistant associate attorney auditor",
  "avp bdr sdr buyer ceo cfo chairman chairwoman chair chief cio ciso cmo consultant controller coo coordinator",
  "copywriter counsel cpo cro cso cto deputy designer developer dev devops director editor engineer engineering evp",
  "executive founder cofounder gm head hr intern investor inspector lawyer lead leader lecturer librarian md",
  "manager marketer nurse officer operator operations owner paralegal partner pm postdoc president principal",
  "producer professor programmer proprietor psychologist purchaser realtor recruiter rep representative researcher",
  "scientist secretary senior specialist strategist superintendent supervisor svp teacher technician technologist",
  "translator treasurer trustee vice vp writer dr",
  // German
  "geschaftsfuhrer geschaftsfuhrerin geschaftsleitung leiter leiterin leitung vorstand vorstandin prokurist prokuristin",
  "inhaber inhaberin referent referentin berater beraterin entwickler entwicklerin ingenieur ingenieurin kaufmann",
  "kauffrau mitarbeiter mitarbeiterin sachbearbeiter sachbearbeiterin sekretar sekretarin assistentin assistenz",
  "bereichsleiter abteilungsleiter vertriebsleiter einkaufsleiter projektleiter grunder grunderin gesellschafter",
  // French
  "directeur directrice responsable chef cheffe gerant gerante president presidente pdg dg charge chargee ingenieure",
  "conseiller conseillere consultante fondateur fondatrice acheteur acheteuse adjoint adjointe assistante avocat avocate",
  // Spanish and Portuguese
  "director directora jefe jefa gerente responsavel encargado encargada presidenta ejecutivo ejecutiva fundador fundadora",
  "socio socia ingeniero ingeniera asesor asesora diretor diretora coordenador coordenadora coordinador coordinadora",
  "analista engenheiro engenheira consultor consultora abogado abogada comprador vendedor",
  // Italian
  "direttore direttrice responsabile amministratore amministratrice titolare dirigente ingegnere consulente fondatore",
  // Dutch and the Nordic languages
  "directeur hoofd manager eigenaar oprichter medewerker adviseur inkoper verkoopleider teamleider",
  "chef direktor direktorin verkstallande vd grundare saljare saljchef inkopare projektledare direktør daglig leder",
  "indkøber konsulent toimitusjohtaja johtaja paallikko myyntipaallikko",
  // Polish, Czech
  "dyrektor prezes kierownik specjalista wlasciciel reditel jednatel vedouci obchodni manazer",
  // Russian, Ukrainian
  "директор руководитель менеджер начальник инженер основатель генеральныи заместитель специалист керівник",
  // Japanese, Chinese, Korean
  "代表取締役 部長 課長 社長 取締役 担当 总经理 经理 总监 董事长 首席执行官 대표 이사 부장 과장",
);

const titleEnds =
  /(leiter|leiterin|manager|managerin|ingenieur|ingenieurin|berater|beraterin|entwickler|entwicklerin|fuhrer|fuhrerin|chef|direktor|direktorin|部長|課長|社長|取締役|经理|总监)$/u;

const departmentWords = setOf(
  "and und et y e of the for de du des la",
  "accounting business cloud commerce communications corporate customer data delivery design development digital",
  "ecommerce engineering enterprise events finance global group growth human inside insights international it legal",
  "logistics marketing operations partnerships people platform procurement product products program programs project",
  "projects purchasing quality regional research resources revenue sales security service services software solutions",
  "strategic strategy success supply chain support systems talent technology training transformation ux",
  "einkauf vertrieb verkauf entwicklung finanzen personal technik produktion kommunikation recht",
  "ventes achats commercial ventas compras finanzas recursos humanos vendite acquisti",
  "americas amer apac asia benelux canada central china dach east emea eu europe france germany iberia india japan latam",
  "mena nordics north america northern southern south uk us usa west western eastern",
);
