/** What a running step waits to be told: one question at a time, which one client answers. */
import { refusal } from '../../../protocol/errors.ts';
import type { InputView } from '../../../protocol/types.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import type { KernelEvent, StepNumber } from '../../kernel/kernel.ts';
import { inputReplyCharactersMax, outputNameCharactersMax } from '../../limits.ts';
import type { News } from '../told/told.ts';

type Asked = Extract<KernelEvent, { type: 'input' }>;

interface Question {
  readonly view: InputView;
  /** How the kernel calls it. */
  readonly asked: number;
}

export class PendingInput {
  readonly #tell: (news: News) => void;
  #count = 0;
  #question: Question | undefined;

  constructor(tell: (news: News) => void) {
    this.#tell = tell;
  }

  get view(): InputView | undefined {
    return this.#question?.view;
  }

  ask(cell: CellId | undefined, step: StepNumber, { input: asked, prompt, isPassword }: Asked): void {
    const shortPrompt = prompt.slice(0, outputNameCharactersMax);
    const view = { input: ++this.#count, ...(cell !== undefined && { cell }), step, prompt: shortPrompt, isPassword };
    this.#question = { view, asked };
    this.#tell({ type: 'input.requested', ...view });
  }

  /** The question that a client answers, by the name that the kernel has for it; throws a refusal where it is not asked. */
  answer(input: number, text: string | undefined): Question {
    const question = this.#question;
    if (!question) throw refusal('no-such-input', 'No question is open: it has been answered already, or the step has ended.');
    if (question.view.input !== input) {
      throw refusal('no-such-input', `Question ${input} is closed; answer question ${question.view.input}.`);
    }
    if (text !== undefined && text.length > inputReplyCharactersMax) {
      throw refusal(
        'limit-reached',
        `The answer is too long: at most ${inputReplyCharactersMax} characters are allowed. Put more into a file.`,
      );
    }
    this.#end('answered');
    return question;
  }

  /** The kernel takes its question back. */
  withdraw(asked: number): void {
    if (this.#question?.asked === asked) this.#end('withdrawn');
  }

  /** The step that asked is over. */
  stepEnded(): void {
    if (this.#question) this.#end('withdrawn');
  }

  #end(outcome: 'answered' | 'withdrawn'): void {
    if (!this.#question) return;
    const { input, cell, step } = this.#question.view;
    this.#question = undefined;
    this.#tell({ type: 'input.ended', input, ...(cell !== undefined && { cell }), step, outcome });
  }
}
