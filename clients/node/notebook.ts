/** The copy of a notebook that follows is the same wherever a client runs. */
export * from '../view/notebook.ts';
