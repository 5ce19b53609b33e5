/** What the worker saw a step do, in terms of cells: lines within them instead of lines of the file. */
import type { Implicit, SeenChange } from '../../core/analysis/facts.ts';
import { seenFiles } from '../../core/analysis/implicit-files.ts';
import type { Observed } from '../../core/graph/observed.ts';
import { folderOf, pathFrom } from '../../core/paths.ts';
import type { FileState, KernelEvent, SeenFiles, SeenMutation, StepNumber } from '../../kernel/kernel.ts';
import { type StepPlace, type StepPlaces, stepOfFile } from './tracebacks.ts';

type Finished = Extract<KernelEvent, { type: 'finished' }>;

export function observedIn({ step, observed, files }: Finished, path: string, places: StepPlaces): Observed {
  const { writes, reads, changes, implicit, evaluated, pure } = observed;
  return {
    writes,
    reads,
    changes: changes.map((one) => seenChange(path, one, places, step)),
    ...(implicit && { implicit }),
    ...(files && { files: seenFilesFrom(folderOf(path), files) }),
    ...(evaluated && { evaluated }),
    ...(pure && { pure }),
  };
}

function seenFilesFrom(folder: string, { read, written, changed, added, databases }: SeenFiles): Implicit {
  const named = (files: readonly string[]) => files.map((file) => pathFrom(folder, file));
  const pathsOf = (states: readonly FileState[]) => named(states.map(([path]) => path));
  return seenFiles({
    read: pathsOf(read),
    written: pathsOf(written),
    changed: named(changed),
    added: named(added),
    databases: named(databases),
  });
}

/** A change in a function that the step itself defines stands at the function's line; one of another cell is named beside. */
function seenChange(path: string, mutation: SeenMutation, places: StepPlaces, step: StepNumber): SeenChange {
  const { name, function: inner } = mutation;
  const own = places.placeOf(step);
  const named = inner && stepOfFile(path, inner.file);
  const place = named === undefined ? own : places.placeOfFile(named);
  const innerLine = inner && lineIn(place, inner.line);
  const line = place && place.cell === own?.cell && innerLine !== undefined ? innerLine : lineIn(own, mutation.line);
  const isElsewhere = inner && place && innerLine !== undefined && place.cell !== own?.cell;
  const inside = isElsewhere ? { function: inner.name, cell: place.cell, line: innerLine } : undefined;
  return {
    name,
    line,
    inside,
    ...(mutation.through !== undefined && { through: mutation.through }),
    ...(mutation.isClaimed && { isClaimed: true }),
  };
}

/** From 0, within the cell. */
function lineIn(place: StepPlace | undefined, fileLine: number | undefined): number | undefined {
  const line = place === undefined || fileLine === undefined ? -1 : fileLine - 1 - place.codeLine;
  return place && line >= 0 && line < place.lines ? line : undefined;
}
