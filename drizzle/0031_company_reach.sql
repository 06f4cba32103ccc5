CREATE TABLE "company_reach" (
	"company_id" integer PRIMARY KEY NOT NULL,
	"sure" smallint NOT NULL,
	"other" smallint NOT NULL,
	"free" smallint NOT NULL,
	"never" text
);
--> statement-breakpoint
ALTER TABLE "company_reach" ADD CONSTRAINT "company_reach_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "company_addresses_shared" ON "company_addresses" USING btree ("company_id") WHERE shared;--> statement-breakpoint
INSERT INTO "company_address_changes" ("company_id") SELECT "id" FROM "companies";
