// imports/seed-texts.ts
// Purpose: the words of the seeded experiments: descriptions, notes in Markdown, a very long name.
// Why: pages must look right with real sentences, tables, code and names that do not fit.
// Relevant files: imports/seed-states.ts, imports/seed.ts

export const STATES_DESCRIPTION = `**Made up, to show states.** These runs train a logistic regression on two clouds of random points, \
computed while the tracker was seeded: no result in here means anything.

What to look at:

- a run that is *still running*, one *scheduled*, one *failed*, one *killed*
- **NaN** in the middle of a loss, and a loss that grows to **Infinity**
- a name of 300 characters, long notes, files, runs within a run

The real runs are in \`digits-mlp\`.`;

export const DRAFT_DESCRIPTION = `**Made up, to show a draft.** Nothing has run here yet.

Plan: the grid of \`digits-mlp\` again with *dropout* 0, 0.1 and 0.3.`;

export const LONG_NOTES = `# Why this one is the baseline

It is the **simplest model** that reaches its plateau before epoch 60, and nothing about it is special.

## Settings compared

| learning rate | weight decay | outcome |
| ---: | ---: | --- |
| 0.003 | 0.001 | far too slow, killed |
| 0.3 | 0.001 | **this run** |
| 3 | 0 | as good, but jumps about |

## What was done

1. Took the two clouds apart into training (240) and validation (120).
2. Trained for 60 epochs on a third of the examples at a time.
3. Kept the picture of the decision in \`plots/decision.png\`.

- [x] compared with \`lr=3\`
- [ ] another seed

\`\`\`python
def step(weights, batch, lr=0.3, l2=0.001):
    return weights - lr * (gradient(weights, batch) + l2 * weights)
\`\`\`

> The loss still falls at the end. More epochs would help a little; nobody needs them.
`;

export const FAILED_NOTES = `Ran out of memory at epoch 37:

\`\`\`
Traceback (most recent call last):
  File "train.py", line 81, in step
    features = torch.cat([features, batch.expand(4096, -1)])
RuntimeError: not enough memory: you tried to allocate 34359738368 bytes.
\`\`\`
`;

export const NAN_NOTES = 'Validation hit a **broken batch** in epochs 40 to 42; the weights were never touched by it.';

/** 300 characters exactly. */
export const LONG_NAME = 'sweep lr=0.1 l2=0.0001 init=normal batch=third clip=none schedule=constant warmup=0 '
  .repeat(4)
  .slice(0, 300 - ' final'.length)
  .concat(' final');
