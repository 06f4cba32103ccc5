ALTER TABLE "campaign_messages" ADD COLUMN "recheck_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaign_variants" ADD COLUMN "quotes" boolean DEFAULT false NOT NULL;