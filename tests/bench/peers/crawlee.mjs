// The peer: Crawlee's CheerioCrawler on the sites given on stdin, at most PAGES requests. Each page is parsed once;
// links are followed and e-mails, phones and social profiles taken by Crawlee's own utils and put in its dataset.
// With `plain` the text of a page is cheerio's, which costs half of what Crawlee's own htmlToText does.
import { CheerioCrawler, Configuration, Dataset, LogLevel, log } from '@crawlee/cheerio'
import { extractUrlsFromCheerio, htmlToText, social } from '@crawlee/utils'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const sites = JSON.parse(Buffer.concat(chunks).toString())
const pages = Number(process.argv[2])
const plain = process.argv[3] === 'plain'
log.setLevel(LogLevel.ERROR)

let read = 0
let bytes = 0
const crawler = new CheerioCrawler(
  {
    maxRequestsPerCrawl: pages,
    minConcurrency: 24,
    maxConcurrency: 200,
    useSessionPool: false,
    requestHandler: async ({ $, body, request, enqueueLinks }) => {
      read++
      bytes += body.length
      const links = extractUrlsFromCheerio($, 'a', request.loadedUrl)
      const text = plain ? $('body').text() : htmlToText($)
      await Dataset.pushData({
        url: request.loadedUrl,
        title: $('title').text(),
        emails: [...social.emailsFromUrls(links), ...social.emailsFromText(text)],
        phones: [...social.phonesFromUrls(links), ...social.phonesFromText(text)],
        facebook: links.filter((link) => social.FACEBOOK_REGEX.test(link)),
        instagram: links.filter((link) => social.INSTAGRAM_REGEX.test(link)),
        linkedin: links.filter((link) => social.LINKEDIN_REGEX.test(link)),
      })
      await enqueueLinks({ strategy: 'same-hostname' })
    },
  },
  new Configuration({ availableMemoryRatio: 0.5, persistStorage: true }),
)
const started = performance.now()
await crawler.run(sites)
const ms = performance.now() - started
process.stdout.write(JSON.stringify({ pages: read, bytes, ms }))
process.exit(0)
