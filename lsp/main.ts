#!/usr/bin/env node
import { startLanguageServer } from './server.ts';

startLanguageServer();
