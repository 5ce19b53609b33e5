/** Parts of a file's path, which is written with slashes. */

export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The root is its own folder, and so is the folder `.`, in which a plain name stands. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  if (end < 0) return '.';
  return end === 0 ? '/' : path.slice(0, end);
}

/** From a folder, as a program in it would name the file. Without a folder in common, all of the path. */
export function pathFrom(folder: string, path: string): string {
  const [from, to] = [folder.split('/'), path.split('/')];
  const shared = from.findIndex((part, at) => part !== to[at]);
  if (shared < 0) return to.slice(from.length).join('/');
  return shared <= 1 ? path : [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}

export function pathIn(folder: string, name: string): string {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}
