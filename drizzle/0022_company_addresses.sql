CREATE TABLE "company_address_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "company_address_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"company_id" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "company_addresses" (
	"company_id" integer NOT NULL,
	"address" text NOT NULL,
	"domain" text NOT NULL,
	"rank" smallint NOT NULL,
	"standing" text NOT NULL,
	"role" text NOT NULL,
	"contact_name" text,
	CONSTRAINT "company_addresses_company_id_address_pk" PRIMARY KEY("company_id","address")
);
--> statement-breakpoint
ALTER TABLE "company_addresses" ADD CONSTRAINT "company_addresses_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "company_addresses_order" ON "company_addresses" USING btree ("company_id","rank");--> statement-breakpoint
CREATE INDEX "company_addresses_address" ON "company_addresses" USING btree ("address");--> statement-breakpoint
INSERT INTO "company_address_changes" ("company_id") SELECT "id" FROM "companies";
