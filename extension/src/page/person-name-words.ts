/** What stands in a name field and is no name: titles before it, letters after it, pronouns, badges. Compared without dots. */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Before a name. Only taken off where a name is left. */
export const honorifics = words(`
  dr drs dra dras prof profa professor mr mrs ms miss mx sir dame hon rev fr
  herr frau dipling dripling dring ing mag magister dkfm dipl univprof pd privdoz doz
  m mme mlle me maître sr sra srta don doña ing lic arq abg mtro mtra
  sig sigra dott dottssa avv geom rag arch on
  ir mevr dhr bc mgr mudr judr phdr rndr paeddr thdr mvdr phmr doc csc
  hr fru fröken adv ca cs er eng engr smt shri sri̇ shrimati
  dipl.-ing д-р др проф доктор г-н г-жа
`);

/**
 * After a name. In upper case, or with a dot or a small letter inside ("Ph.D.", "PhD", "MSc"), they are taken off even
 * without a comma.
 */
export const credentials = words(`
  phd dphil md dds dmd dvm do od pharmd psyd edd dba jd jsd llm llb llmeur esq mba emba imba miba
  ma msc mse ms meng mph mpa mpp mfa med mres mphil mst mls mdes march mfin mim macc mis mca mcom mtech
  ba bsc bs bse beng bcom bba bfa btech be bed bca barch bscn blaw hbsc hba ab aas as
  cpa ca acca fcca aca fca cma cia cisa cism crisc cgeit cissp ccsp oscp ceh cfa frm caia cfp chfc clu ricp cpcu fsa asa fcas
  pmp pgmp pfmp capm prince2 csm cspo csp pspo psm psmi psmii spc safe itil togaf cbap pmiacp pmiacpp rmp acp rte
  phr sphr gphr shrmcp shrmscp cipd fcipd mcipd assoccipd acc pcc mcc cpc cpcc cpim cscp cltd cpsm cips mcips fcips
  rn lpn bsn msn np fnp fnpbc aprn crna cnm cnor rd rdn ldn lcsw lmsw lmft lpc lcpc bcba pt dpt ot otr slp ccc cccslp pac
  pe pg eit leed leedap leedga ap aia faia riba ra nicet asid ncidq cem
  facs faap facc facp facog facep fache frcp frcs frcsc mrcp mrcgp mbbs mbchb bds frsa fcim mcim frics mrics mciob fiet miet
  ceng cphys cchem fima fbcs mbcs cbci cams cfe cipp cippe cippus cipm cipt cdp cdmp ccim sior gri crs abr crb srs
  aws gcp mcse mcp mct ccna ccnp ccie rhce rhcsa ckad cka cks
  obe mbe cbe kbe dbe kc qc sc am ao oam mp mep mla jp gaicd maicd faicd cdir
  lssbb lssgb ssbb ssgb cssbb cssgb cqe cqa six sigma
  dipl ing dipling llmeur magfh mbl csc drsc habil pgce pgdip qts fhea sfhea
`);

/** Credentials that are common surnames or given names too: without a comma they only go where two words are left. */
export const alsoNames = words(
  "ma do ba as am ao be ra pe ca sc me med ab jp ot pt ap an safe march six asa rae ing st mis mim",
);

export const generations = words("jr sr ii iii iv filho júnior junior neto");

/** Parts of a surname that stand before it. */
export const particles = words(`
  van von der den de del della dei degli di da do dos das du des la le los las el al bin ibn bint ben abu ap af av zu zur zum
  ter ten te vande vander vom und y e dello dal dalla d' san santa saint st mac mc o ní nic ua
`);

/** One half of "she/her", in the languages a profile may give it in. */
export const pronouns = words(`
  she her hers he him his they them theirs ze zir zirs hir hirs xe xem xyr ey em any all ask it its
  er ihn ihm sein sie ihr ihre dey deren
  elle il lui iel ella él el elle elles ils ellos ellas le la lo ele dele ela dela elu delu lui lei gli suo sua loro
  hij hem zijn zij haar die hen hun
  hon henne han honom hen hans hennes hun hende ham han hän häntä
  ona jej jego on oni ich она её ее он его они их 彼 彼女
`);

/** Says that what follows, or what stands with it in brackets, is a former name. */
export const formerNameMarks =
  /\s+(?:[Nn][ée]e?|NÉE|[Gg]eb|geborene|früher|vormals|ehem|ehemals|born|formerly|prev|previously|ex|f\.?\s?[dö]|født?|född|z domu|rozená|roz|урожд|урождённая|рожд)[.:]?\s+\p{Lu}.*$/u;

/** What a list page hangs on a name for screen readers and badges. */
export const namePhrases = [
  /\s+(?:is|est|ist|está|è) (?:reachable|open to work|hiring|online|offline|available)$/i,
  /^(?:view|voir le profil de|profil von|ver (?:el )?perfil de|visualizza il profilo di)\s+(?=\p{Lu})/iu,
  /['’]s? (?:profile|profile picture)$/i,
  /,?\s*(?:#?open ?to ?work|#?hiring|we['’]?re hiring|wir suchen|is hiring)!*$/i,
  /,?\s*(?:profile photo|profile picture|graphic)$/i,
];

export const trailingHonorifics = /\s*(?:先生|女士|小姐|さん|様|님|씨)$/u;
