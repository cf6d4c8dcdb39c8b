declare module "maildev" {
  export default class MailDev {
    constructor(options: Record<string, unknown>);
    listen(done: (error?: Error) => void): void;
    close(done: () => void): void;
  }
}
