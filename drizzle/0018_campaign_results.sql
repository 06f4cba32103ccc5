CREATE TABLE "campaign_reports" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "campaign_reports_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"due_at" timestamp with time zone NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"origin" text NOT NULL,
	"state" text DEFAULT 'writing' NOT NULL,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "campaign_results" (
	"campaign_id" integer PRIMARY KEY NOT NULL,
	"numbers" jsonb NOT NULL,
	"counted_at" timestamp with time zone NOT NULL,
	"took_ms" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "campaign_results" ADD CONSTRAINT "campaign_results_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_reports_due" ON "campaign_reports" USING btree ("origin","due_at");--> statement-breakpoint
CREATE INDEX "campaign_reports_at" ON "campaign_reports" USING btree ("due_at");