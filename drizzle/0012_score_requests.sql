CREATE TABLE "score_requests" (
	"company_id" integer PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "companies_to_score";--> statement-breakpoint
ALTER TABLE "score_requests" ADD CONSTRAINT "score_requests_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE cascade ON UPDATE no action;