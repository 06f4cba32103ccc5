import { ruleIds } from '#src/analysis/messages.ts'
import type { AudienceView } from '#src/campaigns/audience/view-audience.ts'
import { crawlStates, scoreLevels, stageValues, statusValues } from '#src/companies/statuses.ts'
import { formatNumber } from '#src/lib/i18n.ts'
import { weaknessText } from '#templates/companies/company-rows.tsx'
import { crawlText, levelText, statusText } from '#templates/companies/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { audienceMessages, audienceText } from './messages.ts'
import { Boxes, Part, Pick, Text, Tick } from './parts.tsx'

const CATEGORIES = ['security', 'technical', 'mobile', 'performance', 'seo', 'legal']

type Props = { page: PageContext; view: AudienceView }

/** The criteria of an audience: part of its form, every list and number of audience-filter.ts. */
export const FilterFields = ({ page, view }: Props) => {
  const t = audienceMessages(page.locale)
  const { filter } = view
  return (
    <>
      <h3 class="h3 mb-1">{t.criteria}</h3>
      <p class="text-secondary">{t.criteriaHint}</p>
      <Text name="q" type="search" label={t.words} value={filter.list.q} placeholder={t.wordsHint} />
      <ProspectPart page={page} view={view} />
      <TradePart page={page} view={view} />
      <WebsitePart page={page} view={view} />
      <FollowUpPart page={page} view={view} />
    </>
  )
}

const ProspectPart = ({ page, view: { filter } }: Props) => {
  const t = audienceMessages(page.locale)
  const open =
    filter.levels.length > 0 || filter.scoreMin !== null || filter.scoreMax !== null || filter.list.favourite
  return (
    <Part title={t.prospect} open={open}>
      <Boxes
        name="level"
        label={t.levels}
        chosen={filter.levels}
        options={[...scoreLevels, 'unscored'].map((value) => ({
          value,
          text: levelText(page.locale, value),
        }))}
      />
      <div class="row">
        <div class="col-sm-6">
          <Text name="scoreMin" type="number" min={0} max={100} label={t.scoreMin} value={filter.scoreMin} />
        </div>
        <div class="col-sm-6">
          <Text name="scoreMax" type="number" min={0} max={100} label={t.scoreMax} value={filter.scoreMax} />
        </div>
      </div>
      <Tick name="favourite" label={t.favourite} checked={filter.list.favourite} />
    </Part>
  )
}

const TradePart = ({ page, view: { filter, options } }: Props) => {
  const t = audienceMessages(page.locale)
  const { sectors, sectorWords, notWords, places, noPublicBodies } = filter
  const set = [...sectors, ...sectorWords, ...notWords, ...places]
  return (
    <Part title={t.trade} open={set.length > 0 || noPublicBodies}>
      <Boxes
        name="sector"
        label={t.sector}
        chosen={sectors}
        options={options.sectors.map(({ value, count }) => ({
          value,
          text: `${value} (${formatNumber(page.locale, count)})`,
        }))}
      />
      <div class="row">
        <div class="col-sm-6">
          <Text name="sectorWords" label={t.sectorWords} value={sectorWords.join(', ')} hint={t.commaHint} />
        </div>
        <div class="col-sm-6">
          <Text name="notWords" label={t.notWords} value={notWords.join(', ')} hint={t.commaHint} />
        </div>
      </div>
      <Tick name="noPublicBodies" label={t.noPublicBodies} checked={noPublicBodies} />
      <Text name="place" label={t.place} value={places.join(', ')} hint={t.placeHint} />
    </Part>
  )
}

const WebsitePart = ({ page, view: { filter, options } }: Props) => {
  const t = audienceMessages(page.locale)
  const { locale } = page
  const { site, weaknesses, allWeaknesses, weakIn, cms, technologies, list } = filter
  const set = [site, list.crawl, ...weaknesses, ...weakIn, ...cms, ...technologies].some(Boolean)
  return (
    <Part title={t.website} open={set}>
      <div class="row">
        <div class="col-sm-6">
          <Pick
            name="site"
            label={t.site}
            chosen={site}
            options={[
              { value: '', text: t.anySite },
              { value: 'yes', text: t.withSite },
              { value: 'no', text: t.withoutSite },
            ]}
          />
        </div>
        <div class="col-sm-6">
          <Pick
            name="crawl"
            label={t.crawl}
            chosen={list.crawl}
            options={[
              { value: '', text: t.anyCrawl },
              ...crawlStates.map((value) => ({ value, text: crawlText(locale, value) })),
            ]}
          />
        </div>
      </div>
      <Boxes
        name="weakIn"
        label={t.weakIn}
        chosen={weakIn}
        options={CATEGORIES.map((value) => ({ value, text: audienceText(locale, 'weak', value) }))}
      />
      <Boxes
        name="weakness"
        label={t.weakness}
        chosen={weaknesses}
        options={ruleIds
          .map((value) => ({ value, text: weaknessText(locale, value) }))
          .sort((a, b) => a.text.localeCompare(b.text, locale))}
      />
      <Tick name="allWeaknesses" label={t.allWeaknesses} checked={allWeaknesses} />
      <div class="row">
        <div class="col-sm-6">
          <Text
            name="cms"
            label={t.cms}
            value={cms.join(', ')}
            hint={t.commaHint}
            suggestions={options.cms}
          />
        </div>
        <div class="col-sm-6">
          <Text
            name="technology"
            label={t.technology}
            value={technologies.join(', ')}
            hint={t.commaHint}
            suggestions={options.technologies}
          />
        </div>
      </div>
    </Part>
  )
}

const FollowUpPart = ({ page, view: { filter, options } }: Props) => {
  const t = audienceMessages(page.locale)
  const named = (values: readonly string[]) =>
    values.map((value) => ({ value, text: statusText(page.locale, value) }))
  const groups = options.groups.map(({ id, name }) => ({ value: id, text: name }))
  const lists = [filter.list.status, filter.notStatuses, filter.stages, filter.tags, filter.notTags]
  const set =
    lists.some((list) => list.length > 0) ||
    [...filter.groups, ...filter.notGroups].length > 0 ||
    Boolean(filter.contacted || filter.list.contact || filter.list.importId)
  return (
    <Part title={t.followUp} open={set}>
      <Boxes name="status" label={t.status} chosen={filter.list.status} options={named(statusValues)} />
      <Boxes name="notStatus" label={t.notStatus} chosen={filter.notStatuses} options={named(statusValues)} />
      <Boxes name="stage" label={t.stage} chosen={filter.stages} options={named(stageValues)} />
      <Boxes name="group" label={t.group} chosen={filter.groups} options={groups} />
      <Boxes name="notGroup" label={t.notGroup} chosen={filter.notGroups} options={groups} />
      <div class="row">
        <div class="col-sm-6">
          <Text
            name="tag"
            label={t.tag}
            value={filter.tags.join(', ')}
            hint={t.commaHint}
            suggestions={options.tags}
          />
        </div>
        <div class="col-sm-6">
          <Text name="notTag" label={t.notTag} value={filter.notTags.join(', ')} hint={t.commaHint} />
        </div>
        <div class="col-sm-6">
          <Pick
            name="contacted"
            label={t.contacted}
            chosen={filter.contacted}
            options={[
              { value: '', text: t.anyContacted },
              { value: 'never', text: t.neverContacted },
              { value: 'yes', text: t.wereContacted },
            ]}
          />
        </div>
        <div class="col-sm-6">
          <Pick
            name="contact"
            label={t.contact}
            chosen={filter.list.contact}
            options={[
              { value: '', text: t.anyContact },
              { value: 'yes', text: t.withContact },
              { value: 'no', text: t.withoutContact },
            ]}
          />
        </div>
      </div>
      {options.imports.length > 0 && (
        <Pick
          name="import"
          label={t.importName}
          chosen={filter.list.importId ?? ''}
          options={[
            { value: '', text: t.anyImport },
            ...options.imports.map(({ id, fileName }) => ({ value: id, text: fileName })),
          ]}
        />
      )}
    </Part>
  )
}
