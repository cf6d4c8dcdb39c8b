import type { EnrollmentTexts } from "./words.ts";

const of = (one: string, many: string) => (count: number) => `${count} ${count === 1 ? one : many}`;

export const es: EnrollmentTexts = {
  title: (sequence) => `Todos los pasos de ${sequence}`,
  types: {
    email_auto: "Correo",
    email_manual: "Correo para enviar usted",
    call: "Llamada",
    task: "Tarea",
  },
  state: {
    sent: (when) => `Enviado ${when}`,
    done: (when) => `Hecho ${when}`,
    skipped: (when) => `Saltado ${when}`,
    past: "Pasado",
    at: (when) => `Sale ${when}`,
    ifDone: (when) => `${when}, si la tarea anterior está hecha para entonces`,
    ifSo: (when) => `entonces, ${when}`,
    unplanned: "Aún sin fecha",
    never: "No llega a ocurrir",
    stopped: "Se detuvo aquí",
  },
  forYou: (when) => `${when} para usted`,
  show: "Mostrar el correo",
  hide: "Ocultar el correo",
  showTask: "Mostrar el texto",
  hideTask: "Ocultar el texto",
  skip: "Saltar este paso",
  problem: (what) => `Aquí se detendrá: ${what}`,
  fix: "Completar",
  unreadable: "No se pueden leer los pasos.",
  zoneBoth: (city) => `Las horas son las de ${city}; debajo están las suyas.`,
  asIfResumed: "Estas serían las fechas si siguiera ahora.",
  lookedAt: (when) => `Se comprueba de nuevo ${when}.`,
  soon: "enseguida",

  whyWaits: "Por qué espera",
  whyPaused: "Por qué está en pausa",
  whyEnded: "Por qué terminó",
  amounts: {
    second: of("segundo", "segundos"),
    minute: of("minuto", "minutos"),
    hour: of("hora", "horas"),
    day: of("día", "días"),
    "business day": of("día laborable", "días laborables"),
  },
  waits: {
    due: () => "Nada lo impide: ocurre en la próxima vuelta.",
    delay: ({ amount }) =>
      amount ? `Este paso llega ${amount} después del anterior.` : "Aún no ha llegado su momento.",
    window: ({ name, when }) => `El correo para ${name} solo sale a ciertas horas. Empiezan ${when}.`,
    holiday: ({ name, when }) => `Es festivo donde está ${name}. Sigue ${when}.`,
    cap: ({ mailbox, amount }) =>
      `${mailbox ?? "El buzón"} ya ha enviado lo que le toca hoy${amount && ` (${amount} al día)`}.`,
    gap: ({ mailbox, amount }) =>
      `${mailbox ?? "El buzón"} deja un intervalo entre dos correos${amount && `: ${amount}`}.`,
    ramp: ({ mailbox }) => `${mailbox ?? "El buzón"} es nuevo y envía un poco más cada día.`,
    hold: ({ name, when }) => `${name} está en espera hasta ${when}. Se conserva lo que queda del plazo.`,
    send_in_flight: () => "Su correo está saliendo.",
    task_open: () => "Antes, una persona tiene que hacer esto. El paso siguiente cuenta desde entonces.",
    reply_wait: ({ name, when }) => `${name} tiene hasta ${when} para responder.`,
    approval: () => "Antes, alguien tiene que aprobar el texto.",
    sequence_paused: () => "Toda la secuencia está en pausa, para todos.",
    sending_stopped: () => "El envío está detenido en todo el espacio de trabajo.",
  },
  pauses: {
    manual: ({ detail }) =>
      `Alguien la puso en pausa${detail && `: ${detail}`}. Se conserva lo que queda del plazo.`,
    missing_variable: ({ detail, name }) =>
      `El paso siguiente usa ${detail}, y para ${name} está vacío. No se ha enviado nada. Complételo y seguirá.`,
    mailbox_unavailable: ({ mailbox, detail }) =>
      `${mailbox ?? "Su buzón"} no puede enviar${detail && `: ${detail}`}. No se pierde nada.`,
    uncertain_send: () =>
      "La conexión se cortó al entregar el último correo. No se envía otra vez hasta que usted diga si llegó.",
    send_refused: ({ detail }) => `El correo fue rechazado${detail && `: ${detail}`}.`,
    parked: ({ detail }) => `No se pudo procesar${detail && `: ${detail}`}.`,
    restore: () => "En pausa tras una restauración. Compruebe si debe seguir.",
  },
  willPause: "En la próxima vuelta se pondrá en pausa.",
  willEnd: "En la próxima vuelta terminará.",

  stopTitle: (sequence, name) => `¿Detener ${sequence} para ${name}?`,
  stopDoes: "Qué ocurre entonces",
  takesBack: (mail) => `El próximo correo, «${mail}», no sale.`,
  takesBackAny: "De esta secuencia no sale nada más.",
  closesTask: (title) => `La tarea «${title}» desaparece.`,
  onItsWay: "Un correo que esté saliendo en este momento aún llega.",
  othersGoOn: (names) => `No se detiene: ${names}.`,
  reopenable: "Se puede reabrir en el mismo paso.",
  reason: "¿Por qué?",
  reasonHint: "Queda en el historial. Puede dejarlo vacío.",
  reasons: ["Sin interés", "Persona equivocada", "Mal momento", "En contacto por otra vía", "Ya es cliente"],
  stop: "Detener",
  stopWhat: "Detener",
  pauseInstead: "Mejor poner en pausa",
  pauseMeans: "En pausa conserva su lugar y sigue cuando usted diga.",
  ended: "Esta secuencia ya ha terminado.",
  others: "De esta persona se ocupa alguien más; solo quien la lleva puede detenerla.",

  refused: {
    enrollment_ended: "Entretanto ha terminado.",
    enrollment_not_found: "Ya no existe, o usted no puede verlo.",
    not_yours: "Es de otra persona.",
    role_missing: "Aquí puede mirar, pero no cambiar nada.",
    scope_missing: "Aquí puede mirar, pero no cambiar nada.",
    busy: "Otras personas lo están cambiando en este momento.",
    enrollment_unreadable: "No se pueden leer los datos.",
  },
};
