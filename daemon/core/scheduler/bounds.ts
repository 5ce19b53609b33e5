/** Of each cell: so many earlier texts are remembered, with what they were seen to do. */
export const earlierTextsMax = 8;
/** So often one run goes on with the cells that read what its steps have set by `mo.state`. Beyond it they are skipped, and told why. */
export const stateRoundsMax = 1_000;
