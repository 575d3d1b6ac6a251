/** Budgets that no test spends, so that only the directory says no: the setting `limits`. */
export const ampleLimits = {
  perUsername: { attempts: 1000, window: '1m' },
  familiar: { attempts: 1000 },
  perAddress: { attempts: 1000, window: '1m' },
} as const;
