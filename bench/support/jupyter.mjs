/** ipykernel and a client of it, installed aside once. */
import { installedPython } from './environments.mjs';

/** The interpreter of an environment that has them. */
export function jupyterPython() {
  return installedPython('jupyter-venv', ['ipykernel==7.4.0', 'jupyter_client==8.10.0']);
}
