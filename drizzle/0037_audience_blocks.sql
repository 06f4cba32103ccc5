CREATE TABLE "company_block_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "company_block_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"key" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "company_addresses" ADD COLUMN "blocked" text;--> statement-breakpoint
ALTER TABLE "company_reach" ADD COLUMN "barred" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "messages_sent" ON "messages" USING btree ("sent_at") WHERE sent_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "suppressions_campaign" ON "suppressions" USING btree ("campaign_id") WHERE campaign_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "company_reach_barred" ON "company_reach" USING btree ("company_id") WHERE barred;--> statement-breakpoint
INSERT INTO "company_block_changes" ("kind", "key") SELECT "kind", "address" FROM "suppressions" WHERE "scope" = 'all' AND NOT "erased";--> statement-breakpoint
INSERT INTO "company_block_changes" ("kind", "key") SELECT DISTINCT 'address', "address" FROM "campaign_messages" WHERE "bounce_kind" = 'hard' AND NOT "rehearsed";
