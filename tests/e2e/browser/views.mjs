// The pages that are looked at, by tests and in screenshots.
export const publicViews = [
  { name: 'home', path: '/', status: 200 },
  { name: 'code', path: '/88.118.8/HP-123-0042', status: 200 },
  { name: 'model', path: '/88.118.8/HP-123', status: 200 },
  { name: 'past', path: '/88.118.8/HP-123?as_of=2099-01-01', status: 400 },
  { name: 'reserved', path: '/88.118.8/NEW-1', status: 200 },
  { name: 'retired', path: '/88.118.8/OLD-1', status: 410 },
  { name: 'hostile', path: '/88.118.8/EVIL-1', status: 200 },
  { name: 'never-issued', path: '/88.118.8/NONE', status: 404 },
  { name: 'unknown-prefix', path: '/99.999/NONE', status: 404 },
  { name: 'malformed', path: '/?q=not+a+code', status: 400 },
];

export const bureauViews = [
  { name: 'review', path: '/bureau/review', status: 200 },
  { name: 'registrants', path: '/bureau/registrants', status: 200 },
  { name: 'applicant', path: '/bureau/registrants/sz-valves', status: 200 },
  { name: 'registrant', path: '/bureau/registrants/sz-pumps', status: 200 },
  { name: 'hostile-applicant', path: '/bureau/registrants/evil', status: 200 },
  { name: 'code-search', path: '/bureau/codes', status: 200 },
  { name: 'code', path: '/bureau/codes?code=88.118.8%2FHP-123-0042', status: 200 },
  { name: 'hostile-code', path: '/bureau/codes?code=88.118.8%2FEVIL-1', status: 200 },
  { name: 'days', path: '/bureau/days?prefix=88.118.8', status: 200 },
  { name: 'charts', path: '/bureau/charts', status: 200 },
  { name: 'report', path: '/bureau/report', status: 200 },
  { name: 'not-found', path: '/bureau/registrants/nobody', status: 404 },
];

export const languages = [
  { name: 'zh', locale: 'zh-CN', tag: 'zh-CN' },
  { name: 'en', locale: 'en-GB', tag: 'en' },
];

export const sizes = [
  { name: 'phone', viewport: { width: 360, height: 740 } },
  { name: 'desktop', viewport: { width: 1280, height: 900 } },
];
