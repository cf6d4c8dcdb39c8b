/**
 * Whether a person's own words ask to be left alone. Called by the classification of inbound mail with the text above
 * the quoted mail. Who is taken for such a person is never written to again, so it takes a whole clause that says it:
 * "Please don't stop" and "How do I cancel my subscription?" hold the words and ask for something else.
 */

/** A request is short. What is longer is for a person to read; it stops the sending all the same. */
const textMax = 500;

export function asksToBeLeftAlone(text: string): boolean {
  if (text.length > textMax) return false;
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const sentences = lines
    .flatMap((line) => line.match(/[^.!?;:/|•()]+[.!?;:/|•()]*/g) ?? [])
    .map((sentence) => ({ words: plain(sentence), isQuestion: sentence.includes("?"), as: sentence.trim() }))
    .filter(({ words }) => words);
  if (sentences.some(isRequest)) return true;
  // One word alone asks only where nothing else is said: "Stop. I am joking."
  return (
    sentences.some(({ words }) => oneWord.test(bare(words))) &&
    sentences.every(
      ({ words, as }) => oneWord.test(bare(words)) || saysNothing.test(words) || isNameLine.test(as),
    )
  );
}

/** Its clauses are asked one by one: "Not interested, please remove me from your list". */
function isRequest({ words, isQuestion }: { words: string; isQuestion: boolean }): boolean {
  return words
    .split(/,| and (?=(?:please )?(?:do|don't|dont|never|stop|remove|delete|take|unsubscribe)\b)/)
    .map((clause) => clause.trim())
    .some((clause) => (!isQuestion || askingPolitely.test(clause)) && request.test(bare(clause)));
}

/** Lower case, no accents (people leave them out), nothing but words and the commas between them. */
const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’`´]/g, "'")
    .replace(/[^\p{L}\p{N}',@]+/gu, " ")
    .replace(/(?<=\p{L})@\S+|\S+@\S+/gu, "")
    .trim();

const askingPolitely =
  /^(can|could|would|will) you\b|^(konnen|konnten|wurden) sie\b|^(pouvez|pourriez) vous\b|^(puede|podria|puedes)\b|^(puo|potrebbe|potete)\b|^(pode|poderia)\b/;

const lead = new RegExp(
  `^(?:${[
    "(?:hi|hello|hey|dear|hallo|bonjour|hola|ciao|ola)(?: \\p{L}+)?",
    "please|kindly|pls|plz|just|so|ok|okay|no thanks|no thank you|sorry|but|then|and|also|again",
    "(?:can|could|would|will) you(?: please| kindly)?",
    "i (?:want|wish|would like|'?d like|need|ask) (?:you )?to|i'd like (?:you )?to|you must|you should",
    "bitte|und|danke|(?:konnen|konnten|wurden) sie(?: bitte)?|ich bitte sie",
    "por favor|favor|gracias|(?:puede|podria|puedes|podrian)(?: por favor)?|les? (?:pido|ruego) que|solicito(?: que)?",
    "s'il vous plait|svp|stp|merci(?: de)?|veuillez|priere de|(?:pouvez|pourriez) vous|je vous (?:prie|demande) de",
    "per favore|per cortesia|prego(?: di)?|vi (?:prego|chiedo) di|(?:puo|potete|potrebbe)",
    "faca o favor de|agradeco que|solicito|peco que|(?:pode|podem|poderia)",
  ].join("|")}) +`,
  "u",
);
const tail =
  /,? (?:please|thanks|thank you|thx|cheers|now|right now|immediately|asap|at once|today|bitte|danke|vielen dank|sofort|umgehend|por favor|gracias|ya|inmediatamente|merci|svp|s'il vous plait|immediatement|grazie|per favore|subito|obrigado|obrigada|ja)$/;

/** Without what is only polite. */
function bare(clause: string): string {
  let words = clause.replaceAll(",", " ").replace(/ +/g, " ").trim();
  for (let round = 0; round < 4; round++) words = words.replace(lead, "").replace(tail, "").trim();
  return words;
}

/** The whole answer, or one line of it. */
const oneWord =
  /^(unsubscribe|stop( it| this)?|remove( me)?|opt ?out|no more|abmelden|abbestellen|austragen|mich (abmelden|austragen)|abmeldung|baja|cancelar suscripcion|desabonner|desabonnement|desinscrire|desinscription|disiscrivi|disiscrizione|cancellami|cancella iscrizione|cancellazione|descadastrar|descadastro|cancelar (inscricao|subscricao)|remover|uitschrijven|afmelden|wypisz( mnie)?|avregistrera( mig)?)$/;

const saysNothing =
  /^((hi|hello|hey|dear|hallo|guten tag|sehr geehrte|bonjour|hola|buenos dias|ciao|buongiorno|ola|bom dia)\b.{0,40}|(many )?thanks?( you)?( very much| so much| in advance)?|no,? thanks?( you)?|(we are |we're |i am |i'm |im )?not interested( in this)?|(kind |best |warm )?regards|best|cheers|sincerely|please|vielen dank|danke( schon)?|kein interesse|mit freundlichen grussen|mfg|viele grusse|gracias|no (me|nos) interesa|saludos|merci( d'avance)?|cordialement|bien cordialement|pas interesse(e)?|grazie|non (mi interessa|sono interessat[oa])|saluti|cordiali saluti|obrigad[oa]|nao tenho interesse|atenciosamente|cumprimentos)$/;

/** A signature that nothing sets apart: `Ada Lovelace`, `Lovelace Ltd`. */
const isNameLine = /^(\p{Lu}[\p{L}.'’&-]*[ ,]*){1,4}$/u;

const list =
  "(?:(?:e-?mail|e mail|mailing|mail|distribution|contacts?|marketing|sales|newsletter|prospects?|outreach|sending|call) )*(?:lists?|databases?|mailings?|newsletters?|campaigns?|sequences?|crm|systems?|records?)";
const their = "(?:your|this|the|that|these|all|any|every)";
const mails =
  "(?:e-?mails?|e mails?|mails?|messages?|newsletters?|spam|mailings?|correspondence|communications?|offers?|advertising|ads)";
const again = "(?: again| any ?more| any further| any longer| ever again| in (?:the )?future| from now on)?";

const english = [
  `unsubscribe (?:me|us|this (?:e-?mail |e mail )?address|my (?:e-?mail|e mail|address|e-?mail address|e mail address))(?: from (?:${their} )*(?:of )?(?:your |further |future |more )*(?:${list}|${mails}))?`,
  `unsubscribe from ${their} (?:${list}|${mails})`,
  `(?:remove|delete|take|drop|erase|cut) (?:me|us|this (?:e-?mail |e mail )?address|(?:my|our) (?:name|e-?mail|e mail|(?:e-?mail |e mail )?address|(?:contact )?details|data|information))(?: off| out)?(?: from| of)* (?:${their} )*(?:of )?(?:your )?${list}`,
  `(?:remove|delete|erase) my (?:e-?mail|e mail|(?:e-?mail |e mail )?address)`,
  `take me off`,
  `(?:stop|quit|cease) (?:e-?mailing|e mailing|mailing|contacting|writing(?: to)?|messaging|spamming|bothering|harassing|pestering)(?: me| us)?${again}`,
  `(?:stop|quit|cease) sending(?: me| us)?(?: any| these| such| your| more| all)* ${mails}(?: to me| to us)?${again}`,
  `(?:do not|don't|dont|never|don t) (?:e-?mail|e mail|mail|contact|write(?: to)?|message|spam|bother) (?:me|us)(?: again| any ?more| any further| ever again| in (?:the )?future)?`,
  `(?:do not|don't|dont|never|don t) send (?:me|us)(?: any| these| such| your| more| further| other)* ${mails}${again}`,
  `no (?:more|further) (?:${mails}|contact)(?: to me| from you)?`,
  `(?:i|we) (?:do not|don't|dont|no longer) (?:want|wish|care) to (?:receive|get|hear)(?: any| these| such| your| more| further| from)* (?:${mails}|you)${again}`,
  `(?:unsubscribe|opt out)`,
  `(?:be )?(?:removed|taken off|unsubscribed)(?: off| from)* ${their} ${list}`,
  `opt (?:me|us) out(?: of ${their} ${mails})?|opt out(?: of ${their} ${mails})`,
  `leave (?:me|us) alone`,
];
const verteiler =
  "(?:e-?mail |e mail |mail |mailing)?(?:verteiler|mailverteiler|mailingliste|verteilerliste|liste|listen|datenbank|newsletter|kartei)";
const post = "(?:e-?mails?|e mails?|mails?|nachrichten|werbung|newsletter|werbemails|post|spam)";
const german = [
  `(?:(?:nehmen|streichen|loschen|entfernen|tragen|nimm|nehmt|streich|losch|losche|entferne|melden|melde)(?: sie)? )?(?:bitte )?(?:mich |uns |meine (?:e-?mail |e mail |mail )?adresse |meine daten )?(?:bitte )?(?:aus|von|vom) (?:ihrem |ihrer |ihren |dem |der |diesem |dieser |eurem |eurer |deinem |deiner |allen )?${verteiler}(?: (?:nehmen|streichen|loschen|entfernen|austragen|abmelden|aus|ab|heraus|raus))?`,
  `(?:melden|tragen|melde|trage)(?: sie)? (?:mich|uns) (?:bitte )?(?:ab|aus)`,
  `(?:loschen|entfernen|streichen)(?: sie)? (?:bitte )?meine (?:e-?mail |e mail |mail )?adresse`,
  `(?:ich mochte |ich will )?keine (?:weiteren |weitere |solchen )?${post}(?: mehr)?(?: von ihnen)?(?: (?:senden|schicken|zusenden|erhalten|bekommen|haben))?`,
  `(?:senden|schicken|sende|schick)(?: sie)? (?:mir|uns) (?:bitte )?keine (?:weiteren |weitere )?${post}(?: mehr)?(?: zu)?`,
  `(?:schreiben|kontaktieren|belastigen)(?: sie)? (?:mir|mich|uns) (?:bitte )?nicht (?:mehr|weiter|wieder)(?: an)?`,
  `(?:mich |uns )?nicht (?:mehr|weiter) (?:kontaktieren|anschreiben|schreiben)`,
  `(?:horen|hor)(?: sie)? auf mir (?:zu schreiben|${post} zu (?:schicken|senden))`,
  `(?:ich mochte |ich will )(?:mich )?(?:vom newsletter |aus dem verteiler )?(?:abmelden|austragen)`,
  `lassen sie mich in ruhe`,
];
const lista = "(?:lista|listas|listado|base|base de datos|mailing|newsletter|boletin|agenda)";
const spanish = [
  `(?:quiero |quisiera |deseo |me gustaria )?(?:dar(?:me|nos)|den?me|den?nos|dame|dadme|dar) de baja(?: de (?:su|tu|la|esta|vuestra|sus) ${lista}(?: de (?:correo|correos|distribucion|contactos))?)?`,
  `(?:me )?(?:elimine|eliminen|elimina|borre|borren|borra|quite|quiten|quita|saque|saquen|saca|retire|retiren|remueva|remuevan)(?:me|nos)? de (?:su|tu|la|esta|vuestra|sus) ${lista}(?: de (?:correo|correos|distribucion|contactos|datos))?`,
  `(?:eliminar|borrar|quitar|sacar)(?:me)?(?: mi (?:correo|direccion|email))? de (?:su|tu|la|esta|vuestra) ${lista}(?: de (?:correo|correos|distribucion|contactos))?`,
  `no (?:me|nos) (?:envie|envies|envien|enviar|mande|mandes|manden|escriba|escribas|escriban|contacte|contactes|contacten)(?: mas| otra vez| de nuevo)(?: (?:correos?|mensajes?|e-?mails?|e mails?|mails?|publicidad))?`,
  `(?:dejen?|deja|pare|paren) de (?:escribir|contactar|molestar|enviar|mandar)(?:me|nos)(?: (?:mas )?(?:correos?|mensajes?|e-?mails?|e mails?|publicidad))?`,
  `no (?:quiero|deseo) (?:recibir )?(?:mas )?(?:sus |estos )?(?:correos?|mensajes?|e-?mails?|e mails?|publicidad|comunicaciones)`,
];
const fichier =
  "(?:listes?|base|bases|fichiers?|newsletter|mailing|mailings|mailing list|base de donnees)(?: de (?:diffusion|contacts?|donnees|distribution|mailing|envoi))?";
const courriels =
  "(?:d'|de |des |vos |ces )*(?:e-?mails?|e mails?|mails?|messages?|courriels?|newsletters?|publicites?|pub)";
const french = [
  `(?:desabonnez|desinscrivez|retirez|supprimez|enlevez|rayez|otez|radiez) (?:moi|nous|mon (?:adresse|e-?mail|e mail|mail))(?: (?:de|du) (?:votre|vos|cette|la|toutes vos|ces)? ?${fichier})?`,
  `(?:je (?:souhaite|veux|voudrais|desire) )?(?:me|nous) (?:desabonner|desinscrire|retirer|supprimer|enlever|rayer|radier)(?: de (?:votre|vos|cette|la|toutes vos|ces) ${fichier})?`,
  `(?:retirer|supprimer|enlever) (?:mon|notre) (?:adresse|e-?mail|e mail|mail)(?: (?:de|du) (?:votre|vos|cette|la) ${fichier})?`,
  `ne (?:me |nous |m')(?:contactez|ecrivez|envoyez|sollicitez|derangez) plus(?: ${courriels})?`,
  `ne plus (?:me |nous |m'|recevoir )(?:contacter|ecrire|envoyer|solliciter)?(?: ?${courriels})?`,
  `(?:arretez|cessez) de (?:m'|me |nous )(?:ecrire|contacter|envoyer|spammer|solliciter|harceler)(?: ${courriels})?`,
  `je ne (?:souhaite|veux|desire) plus (?:recevoir (?:de |vos |ces )?${courriels}|etre (?:contactee?|sollicitee?))`,
];
const elenco =
  "(?:lista|liste|mailing list|newsletter|database|elenco|rubrica)(?: (?:di (?:distribuzione|contatti)|contatti))?";
const posta = "(?:e-?mail|e mail|mail|messaggi|comunicazioni|newsletter|pubblicita)";
const italian = [
  `(?:disiscrivi|disiscrivete|cancella|cancellate|rimuovi|rimuovete|togli|toglie|togliete|elimina|eliminate)(?:mi|te mi|temi|ci|teci)(?: (?:dalla|dalle|dal|da) (?:(?:vostra|vostre|tua|vostro|questa) )?${elenco})?`,
  `(?:vorrei|voglio|desidero|chiedo di) (?:essere (?:rimoss[oa]|cancellat[oa]|tolt[oa]|disiscritt[oa])|cancellarmi|disiscrivermi)(?: (?:dalla|dalle|dal|da) (?:(?:vostra|vostre|tua|vostro|questa) )?${elenco})?`,
  `(?:rimuovere|cancellare|togliere) (?:il mio (?:indirizzo|nome|contatto)|la mia (?:e-?mail|e mail|mail))(?: (?:dalla|dalle|dal|da) (?:(?:vostra|vostre|vostro) )?${elenco})?`,
  `non (?:scrivetemi|contattatemi|mandatemi|inviatemi|scrivermi|contattarmi|mandarmi|inviarmi|disturbatemi)(?: (?:piu|altre|altri|${posta}))+`,
  `smett(?:ete|etela|ila|i) di (?:scrivermi|mandarmi|inviarmi|contattarmi|disturbarmi)(?: ${posta})?`,
  `non (?:voglio|desidero) (?:piu )?ricevere (?:piu )?(?:le )?(?:vostre |altre )?${posta}(?: da voi)?`,
  `basta ${posta}`,
];
const correio = "(?:e-?mails?|e mails?|mails?|mensagens|mensagem|comunicacoes|newsletters?|publicidade)";
const rol =
  "(?:lista|listas|base|base de dados|mailing|mailing list|newsletter)(?: de (?:e-?mails?|e mails?|contact?os|distribuicao|dados|transmissao))?";
const portuguese = [
  `(?:remova|removam|retire|retirem|tire|tirem|exclua|excluam|apague|apaguem) (?:me|nos|o meu (?:e-?mail|e mail|endereco|contact?o)|meu (?:e-?mail|e mail|endereco|contato))(?: (?:da|de|das|dessa|desta) (?:sua |vossa |suas )?${rol})?`,
  `(?:me )(?:remova|removam|retire|retirem|tire|tirem|exclua|excluam) (?:da|de|das|dessa|desta) (?:sua |vossa |suas )?${rol}`,
  `(?:remover|retirar|excluir|tirar)(?: me| o meu (?:e-?mail|e mail)| meu (?:e-?mail|e mail)) (?:da|de|das|dessa|desta) (?:sua |vossa |suas )?${rol}`,
  `(?:quero |gostaria de )?(?:me )?(?:descadastrar|descadastre|descadastrem)(?: me)?`,
  `nao (?:me )?(?:envie|enviem|mande|mandem|escreva|escrevam|contacte|contactem|contate|contatem)(?: me)? mais(?: ${correio})?`,
  `(?:pare|parem|deixe|deixem) de (?:me )?(?:enviar|mandar|escrever|contact?ar|incomodar)(?: me)?(?: ${correio})?`,
  `nao (?:quero|desejo) (?:mais )?receber (?:mais )?(?:os vossos |seus |estes )?${correio}`,
];

const request = new RegExp(
  `^(?:${[...english, ...german, ...spanish, ...french, ...italian, ...portuguese].join("|")})$`,
);
