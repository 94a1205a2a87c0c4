import * as vscode from 'vscode';
import type { Range } from '../../view/dashboard/dashboardState.ts';
import { dashboardWords } from '../../view/dashboard/dashboardWords.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import type { DashboardSource } from './openDashboard.ts';

export function dashboardSource(core: CoreHandle): DashboardSource {
  return {
    onDidChange: core.onDidChange,
    state: async (range: Range) => ({
      locale: vscode.env.language,
      now: Date.now(),
      title: 'x',
      range,
      words: dashboardWords(),
      panels: [],
    }),
  };
}
