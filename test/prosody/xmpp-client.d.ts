/** The part of @xmpp/client, which carries no types, that these tests use. */
declare module "@xmpp/client" {
  export interface XmlElement {
    readonly name: string;
    readonly attrs: Readonly<Record<string, string>>;
    getChild(name: string, xmlns?: string): XmlElement | undefined;
    getChildText(name: string, xmlns?: string): string | null;
    toString(): string;
  }
  export interface XmppClient {
    on(event: "stanza", listener: (stanza: XmlElement) => void): this;
    on(event: "online" | "disconnect", listener: () => void): this;
    on(event: "error", listener: (error: Error) => void): this;
    start(): Promise<{ toString(): string }>;
    stop(): Promise<unknown>;
    write(xml: string): Promise<void>;
    readonly status: string;
    /** `delay` in milliseconds. */
    readonly reconnect: { delay: number; stop(): void };
  }
  export function client(options: {
    service: string;
    domain: string;
    username: string;
    resource?: string;
    credentials: (
      authenticate: (credentials: { username: string; password: string }, mechanism: string) => Promise<void>,
    ) => Promise<void>;
  }): XmppClient;
}
