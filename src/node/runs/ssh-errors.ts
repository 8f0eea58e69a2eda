import { RunnerError } from './runner.ts';

/** What ssh says on standard error when it gives up, in the words of OpenSSH. */
const CHANGED_KEY = /REMOTE HOST IDENTIFICATION HAS CHANGED|Offending .* key in/;
const HOST_KEY = /Host key verification failed|No .*host key is known/;
const LOGIN =
  /Permission denied|Too many authentication failures|No supported authentication methods|sign_and_send_pubkey/;
const NAME = /Could not resolve hostname|Name or service not known/;
const REFUSED = /Connection refused/;
const TIMEOUT = /timed out|Timeout, server/i;
const NO_CONFIG = /Can't open user config file|Bad configuration option|terminating, \d+ bad configuration/;

const unreachable = (message: string, remedy: string): RunnerError => new RunnerError('unreachable', message, remedy);

/** `said`: standard error of ssh. */
export function sshError(alias: string, said: string): RunnerError {
  if (CHANGED_KEY.test(said)) {
    return new RunnerError(
      'host-key',
      `The key of ${alias} is not the one that this computer knows.`,
      `Ask who runs ${alias} whether its key was changed. If so, remove the old one with ssh-keygen -R and connect once in a terminal.`,
    );
  }
  if (HOST_KEY.test(said)) {
    return new RunnerError(
      'host-key',
      `The key of ${alias} is not known to this computer.`,
      `Connect once in a terminal with "ssh ${alias}", compare the fingerprint and accept it.`,
    );
  }
  if (NO_CONFIG.test(said)) {
    return unreachable(`ssh does not take its configuration: ${lastLine(said)}`, 'Correct the ssh configuration file.');
  }
  if (LOGIN.test(said)) {
    return new RunnerError(
      'login',
      `${alias} does not let you in without a question.`,
      `Load your key into the ssh agent, or connect in a terminal with "ssh ${alias}" to see what it asks.`,
    );
  }
  if (NAME.test(said)) {
    return unreachable(
      `The name of ${alias} leads nowhere.`,
      'Look at HostName in your ssh configuration and at the network.',
    );
  }
  if (REFUSED.test(said)) {
    return unreachable(
      `${alias} refuses the connection.`,
      'The machine is up, but no ssh server listens there. Look at Port in your ssh configuration.',
    );
  }
  if (TIMEOUT.test(said)) return timeout(alias);
  return unreachable(
    `The connection to ${alias} failed${said.trim() === '' ? '' : `: ${lastLine(said)}`}.`.replace(/\.\.$/, '.'),
    `Look whether "ssh ${alias}" works in a terminal.`,
  );
}

export const timeout = (alias: string): RunnerError =>
  unreachable(`${alias} does not answer.`, 'Look at the network or the VPN. The machine may be off.');

const lastLine = (text: string): string => text.trim().split(/\r?\n/).at(-1)?.slice(0, 300) ?? '';
