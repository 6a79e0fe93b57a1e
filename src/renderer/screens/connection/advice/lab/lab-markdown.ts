import type { LabResult, LabTraffic } from '#shared/model/lab.ts';
import { markdownTable, markdownText } from '../../../../exports/report/markdown-text.ts';
import {
  cautionsOf,
  resultCells,
  resultHeader,
  trafficWords,
  verdictWords,
  whatIsNotShown,
} from './lab-words.ts';

/** The results as Markdown, with what they rest on. Ends with a line break. */
export function labMarkdown(results: readonly LabResult[], traffic: LabTraffic, targetMs: number): string {
  const sentences = [
    ...results.map((result) => verdictWords(result, targetMs)),
    ...results.flatMap((result) => cautionsOf(result, traffic)),
    whatIsNotShown,
  ];
  const parts = [
    markdownText(trafficWords(traffic)),
    markdownTable(
      resultHeader.map(markdownText),
      results.map((result) => resultCells(result, targetMs).map(markdownText)),
    ),
    'Measured, and in brackets what the model predicted.',
    sentences.map((sentence) => `- ${markdownText(sentence)}`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}
