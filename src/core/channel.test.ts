import { describe, expect, it } from 'vitest';
import { Channel, ChannelClosed } from './channel.ts';

interface Requests {
  readonly double: { readonly request: number; readonly reply: number };
  readonly fail: { readonly request: null; readonly reply: null };
}

function pair() {
  const heard: string[] = [];
  // structuredClone stands for the wire: nothing but data crosses it.
  const a: Channel<Requests, string, Record<never, never>, never> = new Channel(
    (message) => void b.receive(structuredClone(message)),
    {},
    () => {},
  );
  const b: Channel<Record<never, never>, never, Requests, string> = new Channel<
    Record<never, never>,
    never,
    Requests,
    string
  >(
    (message) => void a.receive(structuredClone(message)),
    {
      double: (n) => n * 2,
      fail: () => {
        throw new Error('The file is gone.');
      },
    },
    (event) => heard.push(event),
  );
  return { a, b, heard };
}

describe('Channel', () => {
  it('answers requests, each with its own reply', async () => {
    const { a } = pair();
    expect(await Promise.all([a.request('double', 2), a.request('double', 5)])).toEqual([4, 10]);
  });

  it("hands over the other side's error as a sentence", async () => {
    const { a } = pair();
    await expect(a.request('fail', null)).rejects.toThrow('The file is gone.');
  });

  it('refuses a request that nobody answers, and names of the prototype', async () => {
    const { a } = pair();
    await expect(a.request('toString' as 'double', 1)).rejects.toThrow('Unknown request toString');
  });

  it('delivers events and ignores what is no message of ours', async () => {
    const { a, b, heard } = pair();
    a.send('hello');
    await b.receive(null);
    await b.receive('hello');
    await b.receive({ kind: 'reply' });
    await b.receive({ vscode: true });
    expect(heard).toEqual(['hello']);
  });

  it('ends open requests on dispose', async () => {
    const silent = new Channel<Requests, never, Record<never, never>, never>(
      () => {},
      {},
      () => {},
    );
    const open = silent.request('double', 1);
    silent.dispose();
    await expect(open).rejects.toBeInstanceOf(ChannelClosed);
    await expect(silent.request('double', 1)).rejects.toBeInstanceOf(ChannelClosed);
  });
});
