import { catalogue } from '#src/lib/i18n.ts'

export const campaignTabTexts = catalogue({
  fr: {
    navigation: 'Campagnes et ce qu’il leur faut',
    campaigns: 'Campagnes',
    templates: 'Modèles',
    segments: 'Segments',
  },
  en: {
    navigation: 'Campaigns and what they need',
    campaigns: 'Campaigns',
    templates: 'Templates',
    segments: 'Segments',
  },
})
