// summary.mjs REPORT LOG: from vitest's JSON report and its printed output, what was skipped and why, and the counts in one line.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const [reportPath = '', logPath = ''] = process.argv.slice(2);
const files = existsSync(reportPath) ? JSON.parse(readFileSync(reportPath, 'utf8')).testResults : undefined;
const log = existsSync(logPath) ? stripVTControlCharacters(readFileSync(logPath, 'utf8')) : '';

printSkipped();
const { passed, failed, skipped } = count();
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);

function count() {
  // Without a report the tests did not come to an end, and a file that could not be read has no tests: each is one failure.
  if (files === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const broken = files.filter((file) => file.status === 'failed' && !file.assertionResults.some(isStatus('failed'))).length;
  const tests = files.flatMap((file) => file.assertionResults);
  return {
    passed: tests.filter(isStatus('passed')).length,
    failed: tests.filter(isStatus('failed')).length + broken,
    skipped: tests.filter(isSkipped).length,
  };
}

function printSkipped() {
  const reasons = new Set(log.split('\n').filter((line) => /^\s*(skipped:|.* is not tested:)/i.test(line)));
  const skipping = (files ?? []).filter((file) => file.assertionResults.some(isSkipped));
  if (reasons.size === 0 && skipping.length === 0) return;
  console.log('\n== skipped, and why');
  for (const reason of reasons) console.log(reason.trim());
  for (const file of skipping) {
    const path = relative(process.cwd(), file.name);
    for (const test of file.assertionResults.filter(isSkipped)) console.log(`  ${path}: ${test.fullName.trim()}`);
  }
  console.log();
}

function isStatus(status) {
  return (test) => test.status === status;
}

function isSkipped({ status }) {
  return ['skipped', 'pending', 'todo', 'disabled'].includes(status);
}
