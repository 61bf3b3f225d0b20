/**
 * Countries of the synthetic market and their main language. Their shares are knobs, not published
 * figures.
 */
export const countries = [
  { code: 'JP', name: 'Japan', language: 'ja' },
  { code: 'KR', name: 'Korea', language: 'ko' },
  { code: 'US', name: 'United States', language: 'en' },
  { code: 'TR', name: 'Türkiye', language: 'tr' },
  { code: 'DE', name: 'Germany', language: 'de' },
  { code: 'BR', name: 'Brazil', language: 'pt' },
  { code: 'ID', name: 'Indonesia', language: 'id' },
  { code: 'FR', name: 'France', language: 'fr' },
] as const;

export const languages = ['ja', 'ko', 'en', 'tr', 'de', 'pt', 'id', 'fr'] as const;

export const genders = ['women', 'men'] as const;
export const ageBands = ['18-24', '25-29', '30-39', '40-49', '50+'] as const;
