import { ambientKinds } from './ambient-kinds.ts';
import type { Kind, Section } from './kind.ts';
import { libraries } from './library-kinds.ts';
import { sharingKinds } from './sharing-kinds.ts';
import { textKinds } from './text-kinds.ts';
import { worldKinds } from './world-kinds.ts';

export const sections: readonly Section[] = [...textKinds, ...sharingKinds, libraries, ...ambientKinds, ...worldKinds];

export const allKinds: readonly (Kind & { readonly section: string })[] = sections.flatMap(({ title, kinds }) =>
  kinds.map((kind) => ({ ...kind, section: title })),
);
