/** marimo, installed aside once. */
import { installedPython } from './environments.mjs';

/** The interpreter of an environment that has marimo. */
export function marimoPython() {
  return installedPython('marimo-venv', ['marimo==0.25.2']);
}
