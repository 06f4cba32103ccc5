import type { ListedImage } from '#src/campaigns/templates/queries.ts'
import { formatNumber } from '#src/lib/i18n.ts'
import { CsrfField } from '#templates/components/form.tsx'
import type { PageContext } from '#templates/page.ts'
import { templateMessages } from './messages.ts'

export type ListedPicture = Pick<ListedImage, 'key' | 'fileName' | 'width' | 'height' | 'size'>

type Props = { page: PageContext; images: readonly ListedPicture[]; back: string }

const SHOWN_WIDTH = 600
const KILO = 1000

/** Pictures for mails, each with the line that puts it into one. */
export const ImageList = ({ page, images, back }: Props) => {
  const t = templateMessages(page.locale)
  return (
    <section class="card mb-3" aria-labelledby="images-title" id="images">
      <div class="card-body">
        <h2 class="card-title" id="images-title">
          {t.images}
        </h2>
        <form method="post" action="/templates/images" enctype="multipart/form-data" data-busy={t.uploading}>
          <CsrfField token={page.csrf} />
          <input type="hidden" name="back" value={back} />
          <label class="form-label" for="image-file">
            {t.chooseImage}
          </label>
          <input
            class="form-control"
            id="image-file"
            name="file"
            type="file"
            accept="image/png,image/jpeg,image/gif,image/webp"
            aria-describedby="image-hint"
          />
          <div id="image-hint" class="form-hint mb-2">
            {t.imagesHint}
          </div>
          <button class="btn" type="submit">
            {t.upload}
          </button>
        </form>
        {images.map(({ key, fileName, width, height, size }) => (
          <div class="mt-3 border-top pt-3">
            <img
              class="picture-thumb mb-2"
              src={`/templates/images/${key}`}
              alt={fileName}
              loading="lazy"
              width={width ?? undefined}
              height={height ?? undefined}
            />
            <div class="text-break-all">{fileName}</div>
            <div class="text-secondary">
              {width} × {height}, {formatNumber(page.locale, Math.ceil(size / KILO))}{' '}
              {page.locale === 'fr' ? 'ko' : 'kB'}
            </div>
            <code class="user-select-all text-break-all d-block my-1">
              {`<img src="cid:${key}" alt="${t.imageDescription}" width="${Math.min(width ?? SHOWN_WIDTH, SHOWN_WIDTH)}">`}
            </code>
            <form method="post" action={`/templates/images/${key}/delete`}>
              <CsrfField token={page.csrf} />
              <input type="hidden" name="back" value={back} />
              <button class="btn btn-sm" type="submit" data-confirm={t.confirmDeleteImage(fileName)}>
                {t.delete}
              </button>
            </form>
          </div>
        ))}
      </div>
    </section>
  )
}
