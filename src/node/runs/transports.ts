import type { Target } from '../../core/runs/target.ts';
import { localTransport } from './local-transport.ts';
import { type SshOptions, sshTransport } from './ssh-transport.ts';
import type { Transport } from './transport.ts';

export const transportTo = (target: Target, ssh: SshOptions): Transport =>
  target.ssh === null ? localTransport() : sshTransport(target.ssh, ssh);
