import { expect, it } from 'vitest';
import { toCsv } from './csv.ts';

it('has all columns, a line a step', () => {
  const numbers = (...values: number[]): Float64Array => Float64Array.from(values);
  const csv = toCsv({
    steps: numbers(1, 2, 4),
    columns: {
      loss: numbers(3, Number.NaN, 1),
      'a,"b': numbers(Number.NaN, 1, 2),
      '=x': numbers(1, 1, 1),
      time: numbers(10, 11, 12),
    },
    eval: { steps: numbers(2, 3), loss: numbers(2.5, 2), tokenLoss: numbers(2.25, Number.NaN) },
    gpu: { time: numbers(), memory: numbers(), utilization: numbers() },
    saves: [2],
    attempts: [2],
  });
  expect(csv).toBe(
    [
      `step,time,loss,'=x,"a,""b",eval_loss,eval_token_loss,checkpoint,attempt`,
      '1,10,3,1,,,,,1',
      '2,11,NaN,1,1,2.5,2.25,1,1',
      '3,,,,,2,,,2',
      '4,12,1,1,2,,,,2',
      '',
    ].join('\n'),
  );
});
