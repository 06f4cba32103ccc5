ALTER TABLE "suppressions" ADD COLUMN "kind" text DEFAULT 'address' NOT NULL;--> statement-breakpoint
ALTER TABLE "suppressions" ADD COLUMN "label" text;--> statement-breakpoint
ALTER TABLE "suppressions" ADD COLUMN "erased" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "suppressions" ADD COLUMN "company_id" integer;--> statement-breakpoint
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "suppressions_erased" ON "suppressions" USING btree ("id") WHERE erased;