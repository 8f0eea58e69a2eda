/**
 * Requests and events over any pair of post/receive functions: host and webview, host and worker. Both ends run this
 * class with the type arguments swapped. Every request ends: with a reply, with the other side's error as a sentence,
 * or, on dispose, with `ChannelClosed`.
 */
export type RequestMap = { readonly [type: string]: { readonly request: unknown; readonly reply: unknown } };

export type Wire =
  | { readonly kind: 'request'; readonly id: number; readonly type: string; readonly body: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly body: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly message: string }
  | { readonly kind: 'event'; readonly body: unknown };

export type Handlers<In extends object> = {
  readonly [K in keyof In]: In[K] extends { request: infer Q; reply: infer R } ? (request: Q) => R | Promise<R> : never;
};
type RequestOf<T> = T extends { request: infer Q } ? Q : never;
type ReplyOf<T> = T extends { reply: infer R } ? R : never;

export class ChannelClosed extends Error {
  constructor() {
    super('The other side is gone.');
    this.name = 'ChannelClosed';
  }
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

const isWire = (message: unknown): message is Wire =>
  typeof message === 'object' &&
  message !== null &&
  'kind' in message &&
  (message.kind === 'event' || ('id' in message && typeof message.id === 'number'));

/** `Out`, `In`: requests this side sends and answers. `OutEvent`, `InEvent`: events it sends and hears. */
export class Channel<Out extends object, OutEvent, In extends object, InEvent> {
  readonly #pending = new Map<number, Pending>();
  readonly #post: (message: Wire) => void;
  readonly #handlers: Handlers<In>;
  readonly #onEvent: (event: InEvent) => void;
  #next = 1;
  #closed = false;

  constructor(post: (message: Wire) => void, handlers: Handlers<In>, onEvent: (event: InEvent) => void) {
    this.#post = post;
    this.#handlers = handlers;
    this.#onEvent = onEvent;
  }

  request<K extends keyof Out & string>(type: K, body: RequestOf<Out[K]>): Promise<ReplyOf<Out[K]>> {
    if (this.#closed) return Promise.reject(new ChannelClosed());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: never) => void, reject });
      this.#post({ kind: 'request', id, type, body });
    });
  }

  send(event: OutEvent): void {
    if (!this.#closed) this.#post({ kind: 'event', body: event });
  }

  /** Give every message that arrives to this; what is no message of ours is ignored. */
  async receive(message: unknown): Promise<void> {
    if (this.#closed || !isWire(message)) return;
    switch (message.kind) {
      case 'event':
        this.#onEvent(message.body as InEvent);
        return;
      case 'request': {
        const handler = Object.hasOwn(this.#handlers, message.type)
          ? this.#handlers[message.type as keyof In]
          : undefined;
        try {
          if (handler === undefined) throw new Error(`Unknown request ${message.type}.`);
          const body = await (handler as (request: unknown) => unknown)(message.body);
          if (!this.#closed) this.#post({ kind: 'reply', id: message.id, body });
        } catch (error) {
          if (!this.#closed)
            this.#post({
              kind: 'error',
              id: message.id,
              message: error instanceof Error ? error.message : String(error),
            });
        }
        return;
      }
      case 'reply':
      case 'error': {
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        if (message.kind === 'reply') pending?.resolve(message.body as never);
        else pending?.reject(new Error(message.message));
      }
    }
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const pending of this.#pending.values()) pending.reject(new ChannelClosed());
    this.#pending.clear();
  }
}
