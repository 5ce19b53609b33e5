/** Of each cell: so many earlier texts are remembered, with what they were seen to do. */
export const earlierTextsMax = 8;
