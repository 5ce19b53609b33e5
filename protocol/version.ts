/** What peers agree on before anything else. */

/** Grows when an old peer could misunderstand a new one; a socket's name carries it, so that two versions live side by side. */
export const protocolVersion = 1;

/** The package's version, for people; nothing is decided by it. */
export const packageVersion = '0.1.0';

/** The versions that this build can speak, newest first. */
export const supportedVersions: readonly number[] = [protocolVersion];

/** The newest version that both sides speak, if there is one. */
export function negotiate(offered: readonly number[]): number | undefined {
  return supportedVersions.find((version) => offered.includes(version));
}
