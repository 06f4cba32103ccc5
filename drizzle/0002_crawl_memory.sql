CREATE TABLE "kept_pages" (
	"company_id" integer NOT NULL,
	"url" text NOT NULL,
	"etag" text,
	"last_modified" text,
	"read_at" timestamp with time zone NOT NULL,
	"parser" text NOT NULL,
	"parsed" "bytea" NOT NULL,
	CONSTRAINT "kept_pages_company_id_url_pk" PRIMARY KEY("company_id","url")
);
--> statement-breakpoint
DROP INDEX "facts_company_kind";--> statement-breakpoint
ALTER TABLE "companies" ADD COLUMN "crawl_budget" jsonb;--> statement-breakpoint
ALTER TABLE "companies" ADD COLUMN "robots_override" jsonb;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "crawl_budget" jsonb;--> statement-breakpoint
ALTER TABLE "crawls" ADD COLUMN "unchanged_pages" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "crawls" ADD COLUMN "changes" jsonb;--> statement-breakpoint
ALTER TABLE "facts" ADD COLUMN "correction" jsonb;--> statement-breakpoint
ALTER TABLE "facts" ADD COLUMN "merged_into_id" integer;--> statement-breakpoint
ALTER TABLE "facts" ADD COLUMN "judged_by" integer;--> statement-breakpoint
ALTER TABLE "facts" ADD COLUMN "judged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "kept_pages" ADD CONSTRAINT "kept_pages_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "facts" ADD CONSTRAINT "facts_merged_into_id_facts_id_fk" FOREIGN KEY ("merged_into_id") REFERENCES "public"."facts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "facts" ADD CONSTRAINT "facts_judged_by_users_id_fk" FOREIGN KEY ("judged_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "facts_company_kind_key" ON "facts" USING btree ("company_id","kind","key");--> statement-breakpoint
CREATE INDEX "facts_merged" ON "facts" USING btree ("merged_into_id");